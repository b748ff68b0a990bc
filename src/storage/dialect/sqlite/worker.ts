import { parentPort } from 'node:worker_threads';
import { yieldProcessor } from '../../yield-processor.ts';
import { createAppender } from './append.ts';
import { openForReading, openForWriting } from './database.ts';
import type { Connection } from './driver.ts';
import { createLog } from './log.ts';
import type { Envelope, ErrorData, Reply, ThreadData } from './protocol.ts';
import { createStatementRunner } from './statements.ts';
import { registerStops } from './stops.ts';

/**
 * The code of a database thread. It owns one connection at a time and handles one request at a
 * time. better-sqlite3 is synchronous, so a slow statement blocks only this thread.
 */

/**
 * After this long without a write, the log is copied back to the file, so that it is short at the
 * next burst of writes.
 */
const IDLE_BEFORE_CHECKPOINT_MS = 1_000;
/**
 * After this long without a request, the page cache is given back: up to 128 MiB for the writer.
 * Filling it again costs reads that the system mostly has in memory.
 */
const IDLE_BEFORE_SHRINKING_MS = 20_000;

const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread.');
let opened: ReturnType<typeof open> | null = null;
let idleTimer: NodeJS.Timeout | undefined;
let shrinkTimer: NodeJS.Timeout | undefined;

function open({ file, role, stepsBack, datasets, stops: flag }: ThreadData) {
  if (stepsBack !== undefined) yieldProcessor(stepsBack);
  try {
    const connection = role === 'writer' ? openForWriting(file) : openForReading(file);
    const append = role === 'writer' ? createAppender(connection, datasets) : null;
    const stops = registerStops(connection, flag);
    const log = createLog(file, connection);
    return { role, connection, runner: createStatementRunner(connection), append, stops, log };
  } catch (error) {
    // better-sqlite3's errors lose their message when they leave a thread.
    throw new Error(`${file} cannot be used: ${describeError(error).message}`);
  }
}

function handle({ number, request }: Envelope): unknown {
  if (request.kind === 'open') throw new Error('The thread has a connection already.');
  if (opened === null) throw new Error('The thread has no connection.');
  const { connection, runner, append, stops, log } = opened;
  switch (request.kind) {
    case 'statement':
      stops.begin(number);
      return runner.run(request);
    case 'script':
      connection.exec(request.sql);
      return null;
    case 'rollback':
      if (connection.inTransaction) connection.exec('rollback');
      return null;
    case 'append':
      if (append === null) throw new Error('A thread that only reads cannot append.');
      return { fresh: append(request), log: log.state() };
    case 'checkpoint':
      log.takeOver();
      return log.state();
    case 'close':
      clearTimeout(idleTimer);
      clearTimeout(shrinkTimer);
      opened = null;
      connection.close();
      return null;
  }
}

/** Frees memory that no statement uses. A transaction keeps its pages. */
function shrinkWhenIdle(connection: Connection): void {
  if (connection.inTransaction) return;
  connection.pragma('shrink_memory');
}

function describeError(error: unknown): ErrorData {
  if (!(error instanceof Error)) return { message: String(error), code: undefined, stack: undefined };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { message: error.message, code, stack: error.stack };
}

function answer(envelope: Envelope): Reply {
  const { number } = envelope;
  try {
    return { number, value: handle(envelope) };
  } catch (error) {
    const described = describeError(error);
    if (/^SQLITE_(?:FULL|IOERR_SHMSIZE)/.test(described.code ?? '')) opened?.log.diskWasFull();
    return { number, error: described };
  }
}

port.on('message', (envelope: Envelope) => {
  if (opened === null && envelope.request.kind === 'open') {
    // Outside of `answer`: without a connection the thread is of no use, so the error ends it.
    opened = open(envelope.request.data);
    return;
  }
  port.postMessage(answer(envelope));
  if (opened === null) return;
  clearTimeout(shrinkTimer);
  shrinkTimer = setTimeout(shrinkWhenIdle, IDLE_BEFORE_SHRINKING_MS, opened.connection).unref();
  if (opened.role === 'writer') {
    opened.log.keepRoom();
    clearTimeout(idleTimer);
    idleTimer = setTimeout(opened.log.tryTakeOver, IDLE_BEFORE_CHECKPOINT_MS);
  }
});
