/** How much a hit in a column counts: A for names, B for descriptions, C for the rest. */
export type SearchWeight = 'A' | 'B' | 'C';

/** What the weights stand for: PostgreSQL's defaults, on SQLite factors of bm25. */
export const SEARCH_WEIGHTS: Readonly<Record<SearchWeight, number>> = { A: 1, B: 0.4, C: 0.2 };

/**
 * A table with full-text search over some of its text columns, as declared once for the migration
 * that makes the index (scripts/migrations/search-sql.ts) and for the queries over it. Its key is
 * `(project_id, id)`.
 */
export interface SearchedTable {
  readonly table: string;
  /**
   * SQL names. Their number and order belong to the index: another list needs another migration.
   */
  readonly columns: readonly { readonly name: string; readonly weight: SearchWeight }[];
}

/**
 * PostgreSQL refuses a `tsvector` over 1,048,575 bytes. A character takes 4.5 of them at worst,
 * when every word is one character of four bytes: four for it, one to align, two each for the
 * number of positions and the position; and a separator for every one.
 */
const INDEXED_CHARACTERS = 200_000;

/**
 * How many characters of each column are indexed, from its start, on either database; what is
 * beyond is not found.
 */
export const indexedCharacters = ({ columns }: SearchedTable): number =>
  Math.floor(INDEXED_CHARACTERS / columns.length);

/** The table that holds the index: one row per row of the searched table, written by triggers. */
export const searchTableOf = (table: string): string => `${table}_search`;
