import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../../../core/thrown.ts';
import { readRoom } from '../../disk-room.ts';
import type { Connection } from './driver.ts';
import type { LogState } from './protocol.ts';

/** The write-ahead log beside the file, as the writing thread looks after it. */
export interface Log {
  /** Called after a commit, so it does not throw: a stored append would look failed. */
  state(): LogState;
  /** Copies as much of the log back to the file as the readers allow, without waiting for them. */
  takeOver(): void;
  /**
   * The same. A failure affects no caller: the log stays as it is, and the next write reports the
   * problem. Of failures in a row the first one is told.
   */
  tryTakeOver(): void;
  /**
   * Call after each request. Takes the log over while the disk still has room for that: the file grows
   * by no more than the log is long. A log that filled the disk would be stuck, because taking it over
   * needs room, and nothing else gives its room back.
   */
  keepRoom(): void;
  /** A write found the disk full: the log is taken over as soon as there is room, before it grows. */
  diskWasFull(): void;
}

/** @param freeBytes what the disk of a folder has left; others replace it in tests only */
export function createLog(file: string, connection: Connection, freeBytes = freeBytesOf): Log {
  let wasFull = false;
  let failed = false;

  function state(): LogState {
    try {
      return { bytes: statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0 };
    } catch (error) {
      process.emitWarning(`The write-ahead log's size is not known: ${messageOf(error)}`);
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

/** Without an answer the log keeps to its limit alone. */
function freeBytesOf(folder: string): number {
  try {
    return readRoom(statfsSync(folder))?.freeBytes ?? Number.POSITIVE_INFINITY;
  } catch (error) {
    process.emitWarning(`The room on the disk of ${folder} is not known: ${messageOf(error)}`);
    return Number.POSITIVE_INFINITY;
  }
}
