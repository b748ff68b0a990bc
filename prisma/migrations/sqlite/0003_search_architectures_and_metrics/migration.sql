-- Full-text search over architectures.
CREATE VIRTUAL TABLE "architectures_search" USING fts5(
  "project_id" UNINDEXED, "id" UNINDEXED, "key", "name", "description", "spec_text",
  content = '', contentless_delete = 1, contentless_unindexed = 1,
  tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N*'"
);
INSERT INTO "architectures_search" ("project_id", "id", "key", "name", "description", "spec_text")
SELECT "project_id", "id", hex("id"), substr(coalesce("name", ''), 1, 66666), substr(coalesce("description", ''), 1, 66666), substr(coalesce("spec_text", ''), 1, 66666) FROM "architectures";
CREATE TRIGGER "architectures_search_after_insert" AFTER INSERT ON "architectures"
BEGIN
  INSERT INTO "architectures_search" ("project_id", "id", "key", "name", "description", "spec_text")
  VALUES (NEW."project_id", NEW."id", hex(NEW."id"), substr(coalesce(NEW."name", ''), 1, 66666), substr(coalesce(NEW."description", ''), 1, 66666), substr(coalesce(NEW."spec_text", ''), 1, 66666));
END;
CREATE TRIGGER "architectures_search_after_update" AFTER UPDATE OF "project_id", "id", "name", "description", "spec_text" ON "architectures"
BEGIN
  DELETE FROM "architectures_search"
  WHERE "architectures_search" MATCH 'key : ' || hex(OLD."id") AND "project_id" = OLD."project_id" AND "id" = OLD."id";
  INSERT INTO "architectures_search" ("project_id", "id", "key", "name", "description", "spec_text")
  VALUES (NEW."project_id", NEW."id", hex(NEW."id"), substr(coalesce(NEW."name", ''), 1, 66666), substr(coalesce(NEW."description", ''), 1, 66666), substr(coalesce(NEW."spec_text", ''), 1, 66666));
END;
CREATE TRIGGER "architectures_search_after_delete" AFTER DELETE ON "architectures"
BEGIN
  DELETE FROM "architectures_search"
  WHERE "architectures_search" MATCH 'key : ' || hex(OLD."id") AND "project_id" = OLD."project_id" AND "id" = OLD."id";
END;

-- Full-text search over metrics.
CREATE VIRTUAL TABLE "metrics_search" USING fts5(
  "project_id" UNINDEXED, "id" UNINDEXED, "key", "name", "description", "calculation",
  content = '', contentless_delete = 1, contentless_unindexed = 1,
  tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N*'"
);
INSERT INTO "metrics_search" ("project_id", "id", "key", "name", "description", "calculation")
SELECT "project_id", "id", hex("id"), substr(coalesce("name", ''), 1, 66666), substr(coalesce("description", ''), 1, 66666), substr(coalesce("calculation", ''), 1, 66666) FROM "metrics";
CREATE TRIGGER "metrics_search_after_insert" AFTER INSERT ON "metrics"
BEGIN
  INSERT INTO "metrics_search" ("project_id", "id", "key", "name", "description", "calculation")
  VALUES (NEW."project_id", NEW."id", hex(NEW."id"), substr(coalesce(NEW."name", ''), 1, 66666), substr(coalesce(NEW."description", ''), 1, 66666), substr(coalesce(NEW."calculation", ''), 1, 66666));
END;
CREATE TRIGGER "metrics_search_after_update" AFTER UPDATE OF "project_id", "id", "name", "description", "calculation" ON "metrics"
BEGIN
  DELETE FROM "metrics_search"
  WHERE "metrics_search" MATCH 'key : ' || hex(OLD."id") AND "project_id" = OLD."project_id" AND "id" = OLD."id";
  INSERT INTO "metrics_search" ("project_id", "id", "key", "name", "description", "calculation")
  VALUES (NEW."project_id", NEW."id", hex(NEW."id"), substr(coalesce(NEW."name", ''), 1, 66666), substr(coalesce(NEW."description", ''), 1, 66666), substr(coalesce(NEW."calculation", ''), 1, 66666));
END;
CREATE TRIGGER "metrics_search_after_delete" AFTER DELETE ON "metrics"
BEGIN
  DELETE FROM "metrics_search"
  WHERE "metrics_search" MATCH 'key : ' || hex(OLD."id") AND "project_id" = OLD."project_id" AND "id" = OLD."id";
END;
