import type { CopiedTable } from './copied-table.ts';
import { MAX_ROWS_BEHIND } from './row-source.ts';

/** A number of rows that takes some seconds to copy. */
const MUCH_ROWS = 250_000;

/** How many rows the tables of a copy lacked at their last check. */
export interface Backlog {
  /** By the names of the datasets. */
  readonly lag: ReadonlyMap<string, number>;
  /** Whether a table lacked much and has not caught up yet. */
  readonly isFarBehind: boolean;
  /** Whether a table may lack more rows than can be copied quickly. */
  readonly lacksMuch: boolean;
  /** A check found that the table lacked `lacked` rows; `left` rows remain after a page. */
  note(table: CopiedTable, found: { readonly lacked: number; readonly left: number }): void;
  /**
   * How many rows the table lacked, if it lacked many and has not caught up yet. Undefined: the
   * table keeps up.
   */
  of(table: CopiedTable): number | undefined;
}

/** @param mostBehind with more rows left, a table counts as far behind */
export function createBacklog(mostBehind = MAX_ROWS_BEHIND): Backlog {
  const lag = new Map<string, number>();
  const behind = new Map<CopiedTable, number>();

  return {
    lag,
    get isFarBehind() {
      return behind.size > 0;
    },
    get lacksMuch() {
      return [...behind.values()].some(isMuch);
    },
    note(table, { lacked, left }) {
      lag.set(table.dataset.name, lacked);
      if (left > mostBehind || behind.has(table)) behind.set(table, left);
      if (left <= 0) behind.delete(table);
    },
    of: (table) => behind.get(table),
  };
}

/** PostgreSQL counts no further than one more than `MAX_ROWS_BEHIND`. */
const isMuch = (left: number): boolean => left > MUCH_ROWS || left === MAX_ROWS_BEHIND + 1;

/** Why a table that lacks this many rows does not answer. */
export function describeLag(left: number): string {
  if (left === Number.POSITIVE_INFINITY) return 'the columns are being filled';
  const [words, number] = left > MAX_ROWS_BEHIND ? ['more than', MAX_ROWS_BEHIND] : ['up to', left];
  return `the columns are ${words} ${number.toLocaleString('en')} events behind`;
}
