import type { DuckDBConnection } from '@duckdb/node-api';
import { ROWS_TOGETHER } from './fill-pages.ts';

/** Writes DuckDB's log into the file. Until then, its rows take memory. */
export interface Checkpoints {
  /** Counts rows that were stored. */
  note(rows: number): void;
  noteRemoval(): void;
  /** Whether the log has many rows. */
  readonly isDue: boolean;
  /**
   * Does nothing if the log is empty, or while many pages are being stored, when DuckDB would
   * refuse.
   */
  run(): Promise<void>;
}

/** @param isFilling whether a transaction stores many pages */
export function createCheckpoints(connection: DuckDBConnection, isFilling: () => boolean): Checkpoints {
  let rows = 0;
  let removed = false;
  return {
    note(stored) {
      rows += stored;
    },
    noteRemoval() {
      removed = true;
    },
    get isDue() {
      return rows >= ROWS_TOGETHER;
    },
    async run() {
      if (isFilling() || (rows === 0 && !removed)) return;
      [rows, removed] = [0, false];
      await connection.run('checkpoint');
    },
  };
}
