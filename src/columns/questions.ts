import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBResult,
  type DuckDBType,
  SQLNULL,
  VARCHAR,
} from '@duckdb/node-api';
import type { ReadLimits } from '../storage/reading.ts';
import { toParts } from '../storage/row-parts.ts';
import type { QuestionConnection, QuestionConnections } from './kept-connection.ts';
import { toPlain } from './plain-value.ts';
import type { CopyParameter, ReadRequest, SentResult } from './protocol.ts';

/** The questions that the thread of the copy answers. */
export interface Questions {
  read(number: number, request: ReadRequest): Promise<SentResult>;
  /** Ends the statement of that number. Its read rejects. */
  stop(number: number): void;
  /** Ends all statements. */
  close(): Promise<void>;
}

/** The copy that questions are asked of. */
interface Asked {
  readonly connections: QuestionConnections;
}

const INTERRUPT_EVERY_MS = 50;

interface Running {
  stopped: boolean;
  interrupt(): void;
  ended: Promise<unknown>;
}

/**
 * Each question has its own connection, because a connection runs one statement at a time.
 *
 * @param using runs work with the database, which stays open meanwhile
 */
export function createQuestions(
  using: <Value>(work: (asked: Asked) => Promise<Value>) => Promise<Value>,
): Questions {
  const running = new Map<number, Running>();

  async function run(
    entry: Running,
    { sql, parameters, limits }: ReadRequest,
    { connections }: Asked,
  ): Promise<SentResult> {
    const taken = await connections.take();
    let isSound = false;
    try {
      if (entry.stopped) throw new Error('The statement was stopped.');
      entry.interrupt = () => taken.connection.interrupt();
      const { isWhole, ...result } = await readRows(taken, { sql, parameters, limits });
      // A late interruption would end the next statement.
      isSound = isWhole && !entry.stopped;
      return result;
    } finally {
      entry.interrupt = () => {};
      connections.giveBack(taken, isSound);
    }
  }

  /**
   * DuckDB forgets an interruption that comes before its statement has begun, so it is repeated.
   */
  function stop(number: number): void {
    const entry = running.get(number);
    if (entry === undefined || entry.stopped) return;
    entry.stopped = true;
    entry.interrupt();
    const timer = setInterval(() => entry.interrupt(), INTERRUPT_EVERY_MS);
    void entry.ended.then(() => clearInterval(timer));
  }

  return {
    read(number, request) {
      const entry: Running = { stopped: false, interrupt() {}, ended: Promise.resolve() };
      running.set(number, entry);
      const result = using((asked) => run(entry, request, asked)).finally(() => running.delete(number));
      entry.ended = result.catch(() => undefined);
      return result;
    },
    stop,
    async close() {
      const ended = [...running.values()].map((entry) => entry.ended);
      for (const number of [...running.keys()]) stop(number);
      await Promise.all(ended);
    },
  };
}

async function readRows(
  connection: QuestionConnection,
  { sql, parameters, limits }: Omit<ReadRequest, 'kind'>,
): Promise<SentResult & { readonly isWhole: boolean }> {
  const result = await begin(connection, { sql, parameters });
  const rows: unknown[][] = [];
  let bytes = 0;
  let isWhole = true;
  for await (const chunk of result.yieldRows()) {
    for (const values of chunk) {
      const row = values.map(toPlain);
      rows.push(row);
      for (const value of row) bytes += typeof value === 'string' ? value.length : 8;
    }
    // The main thread counts the rows as well, and reports the limit.
    if (limits !== null && isTooMuch(limits, rows.length, bytes)) {
      isWhole = false;
      break;
    }
  }
  return { columns: result.columnNames(), ...toParts(rows), bytes, isWhole };
}

/**
 * DuckDB replans a kept statement for its parameters. Without parameters, a statement would keep
 * its first plan, which may assume something about the rows that was true only then, such as that a
 * column has no nulls.
 */
async function begin(
  { connection, prepare }: QuestionConnection,
  { sql, parameters }: Pick<ReadRequest, 'sql' | 'parameters'>,
): Promise<DuckDBResult> {
  if (parameters.length === 0) return connection.stream(sql);
  const statement = await prepare(sql);
  statement.bind([...parameters], parameters.map(typeOf));
  return statement.stream();
}

/** By default, the client binds whole numbers as integers, and refuses those beyond 64 bits. */
function typeOf(parameter: CopyParameter): DuckDBType {
  if (parameter === null) return SQLNULL;
  if (typeof parameter === 'number') return Number.isSafeInteger(parameter) ? BIGINT : DOUBLE;
  return typeof parameter === 'string' ? VARCHAR : BOOLEAN;
}

const isTooMuch = (limits: ReadLimits, rows: number, bytes: number): boolean =>
  rows > limits.rows || bytes > limits.bytes;
