import type { DuckDBConnection } from '@duckdb/node-api';
import { messageOf } from '../core/thrown.ts';
import { ROWS_TOGETHER } from './fill-pages.ts';

/** Writes DuckDB's log into the file. Until then, its rows take memory. */
export interface Checkpoints {
  /** Counts rows that were stored. */
  note(rows: number): void;
  noteRemoval(): void;
  /** Whether the log has many rows. */
  readonly isDue: boolean;
  /**
   * Does nothing if the log is empty, or while many pages are being stored. DuckDB refuses while a
   * question reads that began before the last page; the log is then written at a later call.
   */
  run(): Promise<void>;
}

/** Whether DuckDB cannot write its log yet, because of other transactions. */
const isRefused = (error: unknown): boolean =>
  messageOf(error).includes('Cannot CHECKPOINT: there are other');

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
      try {
        await connection.run('checkpoint');
        [rows, removed] = [0, false];
      } catch (error) {
        if (!isRefused(error)) throw error;
      }
    },
  };
}
