import type { ReadLimits } from '../../reading.ts';
import { type RowValues, toParts } from '../../row-parts.ts';
import type { Connection, Statement } from './driver.ts';
import type { Misdirected, Parameter, SentResult, StatementRequest } from './protocol.ts';

/** How many prepared statements a thread keeps. The least recently used one is dropped first. */
const CACHE_SIZE = 300;

interface Prepared {
  readonly statement: Statement<unknown[], unknown[]>;
  readonly names: readonly string[];
  readonly types: readonly (string | null)[];
  /** True if a column may have integers that a double cannot represent. */
  readonly hasBigIntegers: boolean;
}

/** Runs statements on one connection. */
export interface StatementRunner {
  run(request: StatementRequest): SentResult | Misdirected;
}

/**
 * Runs statements with a cache of prepared ones. On a read-only connection it does not run
 * statements that write.
 */
export function createStatementRunner(connection: Connection): StatementRunner {
  const cache = new Map<string, Prepared>();

  function prepare(sql: string): Prepared {
    const known = cache.get(sql);
    if (known !== undefined) {
      cache.delete(sql);
      cache.set(sql, known);
      return known;
    }
    const made = describe(connection.prepare<unknown[], unknown[]>(sql));
    cache.set(sql, made);
    const oldest = cache.keys().next();
    if (cache.size > CACHE_SIZE && !oldest.done) cache.delete(oldest.value);
    return made;
  }

  return {
    run({ sql, parameters, typed = false, limits }) {
      const prepared = prepare(sql);
      const { statement } = prepared;
      if (connection.readonly && !statement.readonly) return { writes: true };
      const bound = parameters.map(toBindable);
      if (!statement.reader) return { columns: [], rows: [], changes: statement.run(bound).changes };
      statement.safeIntegers(typed && prepared.hasBigIntegers);
      const read =
        limits === undefined ? { rows: statement.all(bound) } : readWithin(limits, statement.iterate(bound));
      return {
        ...{ columns: prepared.names, ...read, ...toParts(read.rows), changes: 0 },
        ...(typed && { types: prepared.types }),
      };
    },
  };
}

/** Ends the statement at the first row beyond the limits, before all rows are in memory. */
function readWithin(
  limits: ReadLimits,
  found: IterableIterator<unknown[]>,
): { readonly rows: readonly RowValues[]; readonly bytes: number } {
  const rows: unknown[][] = [];
  let bytes = 0;
  for (const row of found) {
    rows.push(row);
    for (const value of row) bytes += sizeOf(value);
    // The main thread counts the rows as well, and reports the limit.
    if (rows.length > limits.rows || bytes > limits.bytes) break;
  }
  return { rows, bytes };
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return value instanceof Uint8Array ? value.byteLength : 8;
}

function describe(statement: Statement<unknown[], unknown[]>): Prepared {
  const columns = statement.reader ? statement.raw().columns() : [];
  const types = columns.map((column) => column.type);
  return {
    statement,
    names: columns.map((column) => column.name),
    types,
    hasBigIntegers: types.some((type) => type !== null && /^(big ?int|int8)/i.test(type)),
  };
}

/**
 * better-sqlite3 binds every JavaScript number as a double, with which integer division gives a
 * fraction. So integers are bound as integers. Booleans become 0 and 1, times epoch milliseconds.
 */
function toBindable(value: Parameter): string | number | bigint | null | Uint8Array {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value instanceof Date) return BigInt(value.getTime());
  return value;
}
