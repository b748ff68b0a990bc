import type { RowPage } from './row-source.ts';

/** How many rows of a table are copied at once. */
export interface PageSize {
  /** The rows of the next page. */
  readonly rows: number;
  /** Learns from a page how long rows are. */
  note(page: Pick<RowPage, 'count' | 'columns'>): void;
}

/** Rows of which nothing is known: with the longest attributes, some 9 million characters. */
const FIRST_ROWS = 1_024;
/** DuckDB takes some times as much memory while it reads them. */
const MOST_CHARACTERS = 16_000_000;
const LEAST_ROWS = 64;

/**
 * Pages have as many rows as fit into the memory that they may take: an event may have 8,192 characters
 * of attributes, and most have few.
 *
 * @param most rows of a page
 */
export function createPageSize(most: number): PageSize {
  let rows = Math.min(FIRST_ROWS, most);
  return {
    get rows() {
      return rows;
    },
    note({ count, columns }) {
      const characters = columns.reduce((sum, column) => sum + column.length, 0);
      const fitting = Math.floor((count * MOST_CHARACTERS) / characters);
      rows = Math.min(Math.max(fitting, LEAST_ROWS), most);
    },
  };
}
