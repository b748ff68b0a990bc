import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { readRoom } from '../../../core/disk-room.ts';
import { messageOf } from '../../../core/thrown.ts';
import type { Connection } from './driver.ts';
import type { LogState } from './protocol.ts';

/** The write-ahead log beside the file, as maintained by the writing thread. */
export interface Log {
  /** Called after a commit, so it must not throw: a stored append would appear to have failed. */
  state(): LogState;
  /** Copies as much of the log back to the file as readers allow, without waiting for them. */
  takeOver(): void;
  /**
   * The same, but a failure affects no caller: the log stays as it is, and the next write reports
   * the problem. Of several failures in a row, the first one is reported.
   */
  tryTakeOver(): void;
  /**
   * Call this after each request. Copies the log back while the disk still has room for that: the
   * file grows by at most the length of the log. A log that filled the disk would be stuck, because
   * copying it back needs room, and nothing else frees any.
   */
  keepRoom(): void;
  /**
   * A write found the disk full. The log will be copied back as soon as there is room, before it
   * grows.
   */
  diskWasFull(): void;
}

/** @param freeBytes the free space on the disk of a folder; only tests replace it */
export function createLog(file: string, connection: Connection, freeBytes = freeBytesOf): Log {
  let wasFull = false;
  let failed = false;

  function state(): LogState {
    try {
      return { bytes: statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0 };
    } catch (error) {
      process.emitWarning(`The size of the write-ahead log is unknown: ${messageOf(error)}`);
      return { bytes: 0 };
    }
  }

  function takeOver(): void {
    if (connection.inTransaction) return;
    const timeout = connection.pragma('busy_timeout', { simple: true });
    connection.pragma('busy_timeout = 0');
    try {
      connection.pragma('wal_checkpoint(TRUNCATE)');
      wasFull = false;
      failed = false;
    } finally {
      connection.pragma(`busy_timeout = ${timeout}`);
    }
  }

  function tryTakeOver(): void {
    try {
      takeOver();
    } catch (error) {
      if (!failed) process.emitWarning(`The write-ahead log could not be copied back: ${messageOf(error)}`);
      failed = true;
    }
  }

  return {
    state,
    takeOver,
    tryTakeOver,
    keepRoom() {
      if (connection.inTransaction) return;
      const { bytes } = state();
      if (bytes > 0 && (wasFull || bytes > freeBytes(dirname(file)))) tryTakeOver();
    },
    diskWasFull() {
      wasFull = true;
    },
  };
}

/** Without an answer, only the log's own limit applies. */
function freeBytesOf(folder: string): number {
  try {
    return readRoom(statfsSync(folder))?.freeBytes ?? Number.POSITIVE_INFINITY;
  } catch (error) {
    process.emitWarning(`The free space on the disk of ${folder} is unknown: ${messageOf(error)}`);
    return Number.POSITIVE_INFINITY;
  }
}
