import { InvalidArgument } from '../core/errors.ts';

/** A damaged part of the database, as reported by the database itself. */
export interface Damage {
  /** An index can be rebuilt from its table; rows cannot. `UNKNOWN`: no table or index is named. */
  readonly kind: 'TABLE' | 'INDEX' | 'UNKNOWN';
  /** The table or the index; empty if unknown. */
  readonly name: string;
  /** The table that it belongs to; empty if unknown. */
  readonly table: string;
  /** The problem, in the words of the database. */
  readonly problem: string;
}

/** One step of the check of a database. */
export interface CheckStep {
  /** What is checked, in words for people: `table llm_calls`. */
  readonly what: string;
  /** The share of the whole check that is done when this step ends, from 0 to 1. */
  readonly done: number;
  readonly damages: readonly Damage[];
  /** What could not be checked and why, in a sentence; null if the whole step was checked. */
  readonly unchecked: string | null;
}

/** A table of the database, with its size. */
export interface TableSize {
  readonly table: string;
  readonly rows: number;
  /** Whether the rows are an estimate. */
  readonly isEstimated: boolean;
  /** Bytes of the rows, without indexes; null while unknown. */
  readonly bytes: number | null;
  readonly indexes: readonly { readonly name: string; readonly bytes: number | null }[];
}

/**
 * Checks and measures the database as a whole, and rebuilds indexes. Its reads belong to the scope
 * of the caller.
 */
export interface Upkeep {
  /**
   * Lets the database check itself, one step after another; a step ends before the next one begins.
   * `QUICK`: whatever takes seconds. `FULL`: reads everything, and compares indexes with their
   * tables.
   */
  check(mode: 'QUICK' | 'FULL'): AsyncIterable<CheckStep>;
  /**
   * Measures all tables. `QUICK` takes milliseconds: the rows of large tables are estimated, and
   * SQLite gives no bytes. `FULL` counts both on SQLite, where it reads every page: a second per
   * GB.
   */
  sizes(mode: 'QUICK' | 'FULL'): Promise<readonly TableSize[]>;
  /**
   * Rebuilds an index from the rows of its table. Events wait on SQLite, but not on PostgreSQL.
   *
   * @throws InvalidArgument if there is no such index
   */
  reindex(name: string): Promise<void>;
}

/**
 * Up to this number, rows are counted even when nobody asks for an exact number: it takes some
 * milliseconds.
 */
export const COUNTED_ROWS = 50_000;

/** @throws InvalidArgument if no index has the name */
export function expectIndex(name: string, indexes: readonly { readonly name: string }[]): void {
  if (indexes.some((index) => index.name === name)) return;
  throw new InvalidArgument(
    `There is no index "${name}". telltale verify names the indexes that are damaged.`,
    'reindex',
  );
}
