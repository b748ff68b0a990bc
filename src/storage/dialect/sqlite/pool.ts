import { type ReadScope, UNLIMITED } from '../../reading.ts';
import { AT_ONCE, type Pass } from '../../row-parts.ts';
import type { ConnectionLoad } from '../../store.ts';
import type { AppendRequest, FreshRows } from '../append-request.ts';
import type { ThreadSource } from '../thread-source.ts';
import { createTurns, longTurnsOf, type Turn } from '../turns.ts';
import type {
  AppendReply,
  LogState,
  Request,
  SentResult,
  StatementRequest,
  StatementResult,
  ThreadData,
} from './protocol.ts';
import { readInTurn, readParts } from './read.ts';
import { beginSession, type Session } from './session.ts';
import { type LostThreads, startThread, type Thread } from './thread.ts';

/** The log only reaches this size if some reader always uses it. Then the readers must pause. */
const DEFAULT_LOG_LIMIT = 384 * 1024 ** 2;
const MS_BETWEEN_PAUSES = 10_000;

/** The threads of one database file: one writes, the others only read. */
export interface SqlitePool {
  /**
   * Runs a statement on a reading thread if it looks like a read, otherwise on the writing thread.
   */
  run(statement: StatementRequest): Promise<StatementResult>;
  script(sql: string): Promise<void>;
  append(request: AppendRequest): Promise<FreshRows>;
  /**
   * Begins a transaction. `write` holds the writing thread; `read` holds a reading thread and sees
   * one state of the database.
   */
  begin(mode: 'read' | 'write'): Promise<Session>;
  /** The load of the reading threads. */
  load(): ConnectionLoad;
  close(): Promise<void>;
}

export interface PoolOptions {
  readonly file: string;
  readonly datasets: ThreadData['datasets'];
  readonly readers: number;
  /**
   * A transaction that is idle for this many milliseconds is rolled back, because nobody else can
   * write meanwhile.
   */
  readonly transactionIdleMs: number;
  /**
   * The size of the write-ahead log, in bytes, at which readers pause so that it can start over.
   * Default: 384 MiB.
   */
  readonly logLimit?: number;
  /** Called when a thread has died. It is replaced when it is next needed. */
  readonly onProblem: (error: Error) => void;
  /** The scope of the caller of a read. Default: reads are not limited. */
  readonly scope?: () => ReadScope;
  /** Resolves when the caller may work for that many microseconds. Default: at once. */
  readonly pass?: Pass;
  /** Default: each thread is started when it is needed, and ended when the pool closes. */
  readonly threads?: ThreadSource | undefined;
  /** Starts a thread. Tests pass their own. */
  readonly start?: typeof startThread;
}

const READING = /^\s*(?:select|with|values|explain)\b/i;

/**
 * Opens the file.
 *
 * @throws StorageUnavailable if the file cannot be opened.
 */
export async function createPool(options: PoolOptions): Promise<SqlitePool> {
  const { logLimit = DEFAULT_LOG_LIMIT, scope: currentScope = () => UNLIMITED } = options;
  const { pass = AT_ONCE } = options;
  const writer = createSlot(options, { role: 'writer' });
  // So there are never more threads than twice the number of readers.
  const lost = { most: options.readers, count: 0 };
  const createReader = (how: Pick<ThreadData, 'stepsBack'>) =>
    createSlot(options, { role: 'reader', ...how, lost });
  const readers = Array.from({ length: options.readers }, () => createReader({ stepsBack: 'QUESTIONS' }));
  const writing = createTurns([writer]);
  const prober = createReader({});
  const probing = createTurns([prober]);
  const apart = createReader({ stepsBack: 'BACKGROUND' });
  const readingApart = createTurns([apart]);
  // One reader is left to short reads, unless it is the only one.
  const reading = createTurns(readers, longTurnsOf(readers.length, 1));
  const turnsOf = ({ kind }: ReadScope) =>
    kind === 'PROBE' ? probing : kind === 'APART' ? readingApart : reading;
  let lastPause = Number.NEGATIVE_INFINITY;

  /** Pauses the readers for a moment, so that the log can start over. */
  function pauseForLog({ bytes }: LogState): void {
    const now = performance.now();
    if (bytes < logLimit || now - lastPause < MS_BETWEEN_PAUSES) return;
    lastPause = now;
    reading
      .takeAll(() =>
        writing
          .take()
          .then((turn) => inTurn(turn, () => turn.resource.thread().request({ kind: 'checkpoint' }))),
      )
      .catch(options.onProblem);
  }

  async function write<Value>(request: Request): Promise<Value> {
    const turn = await writing.take();
    return inTurn(turn, () => turn.resource.thread().request<Value>(request));
  }

  try {
    // The writer creates the log that readers need. Readers are started on demand, because many
    // servers never read two things at a time.
    await writer.thread().request({ kind: 'script', sql: 'select 1 from sqlite_schema' });
  } catch (error) {
    await writer.close().catch(options.onProblem);
    throw error;
  }

  return {
    async run(statement) {
      if (READING.test(statement.sql)) {
        const scope = currentScope();
        const result = await readInTurn(await turnsOf(scope).take(scope), statement, { ...scope, pass });
        if (!('writes' in result)) return result;
      }
      return readParts(await write<SentResult>(statement), pass);
    },
    script: (sql) => write<void>({ kind: 'script', sql }),
    async append(request) {
      const { fresh, log } = await write<AppendReply>(request);
      pauseForLog(log);
      return fresh;
    },
    async begin(mode) {
      const scope = currentScope();
      const turn = await (mode === 'write' ? writing.take() : turnsOf(scope).take(scope));
      const limits = { idleMs: options.transactionIdleMs, scope: currentScope, pass };
      return beginSession(turn.resource.thread(), { mode, release: turn.end, ...limits });
    },
    load: () => ({ limit: readers.length, ...reading.load() }),
    async close() {
      await Promise.all([writing, reading, probing, readingApart].map((turns) => turns.close()));
      // The writer closes last, because the last connection removes the log.
      await Promise.all([...readers, prober, apart].map((slot) => slot.close()));
      await writer.close();
    },
  };
}

async function inTurn<Value>(turn: Turn<unknown>, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } finally {
    turn.end();
  }
}

/** A slot for a thread. The thread is started on demand, and again after it has died. */
interface Slot {
  thread(): Thread;
  close(): Promise<void>;
}

type SlotOptions = Pick<ThreadData, 'role' | 'stepsBack'> & { readonly lost?: LostThreads };

function createSlot(options: PoolOptions, { lost, ...how }: SlotOptions): Slot {
  const { file, datasets, threads, start = startThread } = options;
  let thread: Thread | null = null;
  return {
    thread() {
      thread ??= start(
        { file, datasets, ...how },
        (error) => {
          thread = null;
          options.onProblem(error);
        },
        { ...(threads && { threads }), ...(lost && { lost }) },
      );
      return thread;
    },
    close: () => thread?.close() ?? Promise.resolve(),
  };
}
