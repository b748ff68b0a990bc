import type { RowPage } from './row-source.ts';

/** How many rows of a table are copied at once. */
export interface PageSize {
  /** The rows of the next page. */
  readonly rows: number;
  /** Learns from a page how long rows are. */
  note(page: LengthOfPage): void;
  /**
   * Learns that a page did not fit into memory.
   *
   * @returns whether a smaller page can be asked for
   */
  halve(page: LengthOfPage): boolean;
}

type LengthOfPage = Pick<RowPage, 'count' | 'columns'>;

/**
 * The size of the first page, when nothing is known of the rows: with the longest attributes, it
 * has some 9 million characters.
 */
const FIRST_ROWS = 1_024;
/** DuckDB takes several times as much memory while it reads them. */
const MAX_CHARACTERS = 16_000_000;
const MIN_ROWS = 64;

/**
 * Pages have as many rows as fit into their share of memory: an event may have 8,192 characters of
 * attributes, but most have few.
 *
 * @param most the maximum number of rows of a page
 */
export function createPageSize(most: number): PageSize {
  let rows = Math.min(FIRST_ROWS, most);
  let least = MIN_ROWS;
  let mostCharacters = MAX_CHARACTERS;

  function note({ count, columns }: LengthOfPage): void {
    const fitting = Math.floor((count * mostCharacters) / charactersOf(columns));
    rows = Math.min(Math.max(fitting, least), most);
  }

  return {
    get rows() {
      return rows;
    },
    note,
    halve(page) {
      if (rows === 1) return false;
      const half = Math.floor(rows / 2);
      least = 1;
      mostCharacters = charactersOf(page.columns) / 2;
      note(page);
      // Rows that were stored together come together, so the page may have more rows than were
      // requested.
      rows = Math.min(rows, half);
      return true;
    },
  };
}

const charactersOf = (columns: readonly string[]): number =>
  columns.reduce((sum, column) => sum + column.length, 0);
