/** How much a hit in a column counts: A for names, B for descriptions, C for the rest. */
export type SearchWeight = 'A' | 'B' | 'C';

/** The value of each weight: the default of PostgreSQL, and the factor of bm25 on SQLite. */
export const SEARCH_WEIGHTS: Readonly<Record<SearchWeight, number>> = { A: 1, B: 0.4, C: 0.2 };

/**
 * A table with full-text search over some of its text columns. It is declared once, for the
 * migration that creates the index (scripts/migrations/search-sql.ts) and for the queries. Its key
 * is `(project_id, id)`.
 */
export interface SearchedTable {
  readonly table: string;
  /**
   * SQL names. The index depends on their number and order, so a changed list needs a new
   * migration.
   */
  readonly columns: readonly { readonly name: string; readonly weight: SearchWeight }[];
}

/**
 * PostgreSQL rejects a `tsvector` of more than 1,048,575 bytes. In the worst case a character takes
 * 4.5 bytes: every word is one four-byte character followed by a separator. It takes four bytes for
 * the character, one for alignment, two for the number of positions and two for the position.
 */
const INDEXED_CHARACTERS = 200_000;

/**
 * How many characters of each column are indexed, from its start, on both databases. A search does
 * not find text after them.
 */
export const indexedCharacters = ({ columns }: SearchedTable): number =>
  Math.floor(INDEXED_CHARACTERS / columns.length);

/**
 * The name of the table that holds the index: one row per row of the searched table, written by
 * triggers.
 */
export const searchTableOf = (table: string): string => `${table}_search`;
