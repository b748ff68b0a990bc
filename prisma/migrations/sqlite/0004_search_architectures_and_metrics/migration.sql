-- Full-text search over architectures.
CREATE TABLE "architectures_search" (
  "number" INTEGER PRIMARY KEY,
  "project_id" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  UNIQUE ("project_id", "id")
);
CREATE VIRTUAL TABLE "architectures_search_words" USING fts5(
  "name", "description", "spec_text",
  content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N*'"
);
INSERT INTO "architectures_search" ("project_id", "id") SELECT "project_id", "id" FROM "architectures";
INSERT INTO "architectures_search_words" (rowid, "name", "description", "spec_text")
SELECT "number", substr(coalesce("name", ''), 1, 66666), substr(coalesce("description", ''), 1, 66666), substr(coalesce("spec_text", ''), 1, 66666) FROM "architectures_search" JOIN "architectures" USING ("project_id", "id");
CREATE TRIGGER "architectures_search_after_insert" AFTER INSERT ON "architectures"
BEGIN
  INSERT INTO "architectures_search" ("project_id", "id") VALUES (NEW."project_id", NEW."id");
  INSERT INTO "architectures_search_words" (rowid, "name", "description", "spec_text")
  VALUES ((SELECT "number" FROM "architectures_search" WHERE "project_id" = NEW."project_id" AND "id" = NEW."id"), substr(coalesce(NEW."name", ''), 1, 66666), substr(coalesce(NEW."description", ''), 1, 66666), substr(coalesce(NEW."spec_text", ''), 1, 66666));
END;
CREATE TRIGGER "architectures_search_after_update" AFTER UPDATE OF "project_id", "id", "name", "description", "spec_text" ON "architectures"
BEGIN
  UPDATE "architectures_search" SET "project_id" = NEW."project_id", "id" = NEW."id"
  WHERE "project_id" = OLD."project_id" AND "id" = OLD."id";
  UPDATE "architectures_search_words" SET "name" = substr(coalesce(NEW."name", ''), 1, 66666), "description" = substr(coalesce(NEW."description", ''), 1, 66666), "spec_text" = substr(coalesce(NEW."spec_text", ''), 1, 66666)
  WHERE rowid = (SELECT "number" FROM "architectures_search" WHERE "project_id" = NEW."project_id" AND "id" = NEW."id");
END;
CREATE TRIGGER "architectures_search_after_delete" AFTER DELETE ON "architectures"
BEGIN
  DELETE FROM "architectures_search_words" WHERE rowid = (SELECT "number" FROM "architectures_search" WHERE "project_id" = OLD."project_id" AND "id" = OLD."id");
  DELETE FROM "architectures_search" WHERE "project_id" = OLD."project_id" AND "id" = OLD."id";
END;

-- Full-text search over metrics.
CREATE TABLE "metrics_search" (
  "number" INTEGER PRIMARY KEY,
  "project_id" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  UNIQUE ("project_id", "id")
);
CREATE VIRTUAL TABLE "metrics_search_words" USING fts5(
  "name", "description", "calculation",
  content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N*'"
);
INSERT INTO "metrics_search" ("project_id", "id") SELECT "project_id", "id" FROM "metrics";
INSERT INTO "metrics_search_words" (rowid, "name", "description", "calculation")
SELECT "number", substr(coalesce("name", ''), 1, 66666), substr(coalesce("description", ''), 1, 66666), substr(coalesce("calculation", ''), 1, 66666) FROM "metrics_search" JOIN "metrics" USING ("project_id", "id");
CREATE TRIGGER "metrics_search_after_insert" AFTER INSERT ON "metrics"
BEGIN
  INSERT INTO "metrics_search" ("project_id", "id") VALUES (NEW."project_id", NEW."id");
  INSERT INTO "metrics_search_words" (rowid, "name", "description", "calculation")
  VALUES ((SELECT "number" FROM "metrics_search" WHERE "project_id" = NEW."project_id" AND "id" = NEW."id"), substr(coalesce(NEW."name", ''), 1, 66666), substr(coalesce(NEW."description", ''), 1, 66666), substr(coalesce(NEW."calculation", ''), 1, 66666));
END;
CREATE TRIGGER "metrics_search_after_update" AFTER UPDATE OF "project_id", "id", "name", "description", "calculation" ON "metrics"
BEGIN
  UPDATE "metrics_search" SET "project_id" = NEW."project_id", "id" = NEW."id"
  WHERE "project_id" = OLD."project_id" AND "id" = OLD."id";
  UPDATE "metrics_search_words" SET "name" = substr(coalesce(NEW."name", ''), 1, 66666), "description" = substr(coalesce(NEW."description", ''), 1, 66666), "calculation" = substr(coalesce(NEW."calculation", ''), 1, 66666)
  WHERE rowid = (SELECT "number" FROM "metrics_search" WHERE "project_id" = NEW."project_id" AND "id" = NEW."id");
END;
CREATE TRIGGER "metrics_search_after_delete" AFTER DELETE ON "metrics"
BEGIN
  DELETE FROM "metrics_search_words" WHERE rowid = (SELECT "number" FROM "metrics_search" WHERE "project_id" = OLD."project_id" AND "id" = OLD."id");
  DELETE FROM "metrics_search" WHERE "project_id" = OLD."project_id" AND "id" = OLD."id";
END;
