import {
  indexedCharacters,
  type SearchedTable,
  searchTableOf,
} from '../../src/core/search/searched-table.ts';
import { SEPARATORS } from '../../src/core/search/separators.ts';
import { FOLDED_LETTERS } from '../../src/core/search/words.ts';
import type { Dialect } from './schema-engine.ts';

/**
 * The SQL of a migration that gives tables full-text search: a table `<name>_search` with the index
 * of each (on SQLite `<name>_search_words` as well), the existing rows, and triggers that follow
 * every insert, update and delete. `searchRows` of src/storage/search.ts queries it.
 *
 * How to use it: declare the tables (`SearchedTable`), make their migration with
 * `npm run migration:new`, and append the output of this to the file of each database:
 *
 * npx tsx -e "import('./scripts/migrations/search-sql.ts').then(({ searchSql }) =>
 * console.log(searchSql('sqlite', [{ table: 'metrics', columns: [{ name: 'name', weight: 'A' }, {
 * name: 'description', weight: 'B' }] }])))"
 *
 * To change the columns of a table later, put `dropSearchSql` before it. The tables have
 * `project_id` and `id` as their key and are not part of the Prisma schema; the check for drift
 * ignores `*_search`.
 */
export function searchSql(dialect: Dialect, tables: readonly SearchedTable[]): string {
  if (dialect === 'sqlite') return tables.map(sqliteSql).join('\n');
  return [DOCUMENT_FUNCTION, ...tables.map(postgresqlSql)].join('\n');
}

/** The SQL that removes the search of a table. */
export function dropSearchSql(dialect: Dialect, table: string): string {
  const index = searchTableOf(table);
  if (dialect === 'postgresql') {
    return `DROP TRIGGER "${index}_follow" ON "${table}";\nDROP FUNCTION "${index}_follow"();\nDROP TABLE "${index}";\n`;
  }
  const triggers = ['insert', 'update', 'delete'].map((event) => `DROP TRIGGER "${index}_after_${event}";\n`);
  return `${triggers.join('')}DROP TABLE "${index}_words";\nDROP TABLE "${index}";\n`;
}

/** The columns whose update changes the index. */
const watched = ({ columns }: SearchedTable): string =>
  ['project_id', 'id', ...columns.map(({ name }) => name)].map((name) => `"${name}"`).join(', ');

/**
 * Only the table itself stores the text: the index is contentless. It numbers its rows itself,
 * because the rowids of a table without an integer key may change at VACUUM. All characters except
 * separators are word characters: marks like letters, see src/core/search/separators.ts.
 */
function sqliteSql(searched: SearchedTable): string {
  const { table, columns } = searched;
  const rows = searchTableOf(table);
  const words = `${rows}_words`;
  const names = columns.map(({ name }) => `"${name}"`);
  const text = (row: string, name: string) =>
    `substr(coalesce(${row}${name}, ''), 1, ${indexedCharacters(searched)})`;
  const texts = (row: string) => names.map((name) => text(row, name)).join(', ');
  const numberOf = (row: string) =>
    `(SELECT "number" FROM "${rows}" WHERE "project_id" = ${row}."project_id" AND "id" = ${row}."id")`;
  return `-- Full-text search over ${table}.
CREATE TABLE "${rows}" (
  "number" INTEGER PRIMARY KEY,
  "project_id" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  UNIQUE ("project_id", "id")
);
CREATE VIRTUAL TABLE "${words}" USING fts5(
  ${names.join(', ')},
  content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N*'"
);
INSERT INTO "${rows}" ("project_id", "id") SELECT "project_id", "id" FROM "${table}";
INSERT INTO "${words}" (rowid, ${names.join(', ')})
SELECT "number", ${texts('')} FROM "${rows}" JOIN "${table}" USING ("project_id", "id");
CREATE TRIGGER "${rows}_after_insert" AFTER INSERT ON "${table}"
BEGIN
  INSERT INTO "${rows}" ("project_id", "id") VALUES (NEW."project_id", NEW."id");
  INSERT INTO "${words}" (rowid, ${names.join(', ')})
  VALUES (${numberOf('NEW')}, ${texts('NEW.')});
END;
CREATE TRIGGER "${rows}_after_update" AFTER UPDATE OF ${watched(searched)} ON "${table}"
BEGIN
  UPDATE "${rows}" SET "project_id" = NEW."project_id", "id" = NEW."id"
  WHERE "project_id" = OLD."project_id" AND "id" = OLD."id";
  UPDATE "${words}" SET ${names.map((name) => `${name} = ${text('NEW.', name)}`).join(', ')}
  WHERE rowid = ${numberOf('NEW')};
END;
CREATE TRIGGER "${rows}_after_delete" AFTER DELETE ON "${table}"
BEGIN
  DELETE FROM "${words}" WHERE rowid = ${numberOf('OLD')};
  DELETE FROM "${rows}" WHERE "project_id" = OLD."project_id" AND "id" = OLD."id";
END;
`;
}

const unicodeEscape = (codePoint: number): string =>
  codePoint > 0xffff
    ? `\\U${codePoint.toString(16).padStart(8, '0')}`
    : `\\u${codePoint.toString(16).padStart(4, '0')}`;

const separatorClass = SEPARATORS.map(([first, last]) =>
  first === last ? unicodeEscape(first) : `${unicodeEscape(first)}-${unicodeEscape(last)}`,
).join('');

const escapes = (letters: Iterable<string>): string =>
  [...letters].map((letter) => unicodeEscape(letter.codePointAt(0) as number)).join('');

/**
 * Not to_tsvector(): PostgreSQL's parser divides words by the locale of the database, and numbers
 * like 1e5 from what follows them. Numbering starts at 2, so that a phrase does not reach from one
 * column into the next when their vectors are joined. A lexeme has room for 2,046 bytes.
 */
const DOCUMENT_FUNCTION = `-- The words of a text, lower case, by the same rule on every database and in every locale.
CREATE OR REPLACE FUNCTION search_document(content text, weight text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CAST(coalesce(string_agg('''' || left(word, 500) || ''':' || place + 1 || weight, ' '), '') AS tsvector)
  FROM unnest(string_to_array(regexp_replace(
    translate(lower(content COLLATE "und-x-icu"), E'${escapes(FOLDED_LETTERS.keys())}', E'${escapes(FOLDED_LETTERS.values())}'),
    '[${separatorClass}]+', ' ', 'g'), ' ')) WITH ORDINALITY AS words (word, place)
  WHERE word <> ''
$$;
`;

/**
 * The document has its own table, not a column of the searched one: the models are the same on both
 * databases, and updates of other columns do not copy it. It is stored because ts_rank() needs the
 * documents of all matching rows, and computing them takes some forty times as long as reading
 * them.
 */
function postgresqlSql(searched: SearchedTable): string {
  const { table, columns } = searched;
  const index = searchTableOf(table);
  const document = (row: string) =>
    columns
      .map(
        ({ name, weight }) =>
          `search_document(left(coalesce(${row}"${name}", ''), ${indexedCharacters(searched)}), '${weight}')`,
      )
      .join('\n    || ');
  return `-- Full-text search over ${table}.
CREATE TABLE "${index}" AS
  SELECT "project_id", "id", ${document('')} AS "document" FROM "${table}";
ALTER TABLE "${index}" ADD PRIMARY KEY ("project_id", "id");
CREATE INDEX "${index}_document_idx" ON "${index}" USING gin ("document");
CREATE FUNCTION "${index}_follow"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM "${index}" WHERE "project_id" = OLD."project_id" AND "id" = OLD."id";
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO "${index}" VALUES (NEW."project_id", NEW."id", ${document('NEW.')});
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER "${index}_follow" AFTER INSERT OR DELETE OR UPDATE OF ${watched(searched)} ON "${table}"
  FOR EACH ROW EXECUTE FUNCTION "${index}_follow"();
`;
}
