import { availableParallelism } from 'node:os';
import { oneOf, text, wholeNumber } from './kinds.ts';

const MEBIBYTE = 1024 * 1024;
/** Questions about fewer events take only milliseconds from rows, too. */
const AUTO_FROM_EVENTS = 50_000;

/** The columnar copy of the events. */
export const columnVariables = {
  COLUMN_STORE: {
    ...oneOf('auto', 'on', 'off'),
    default: 'auto',
    description:
      'Keep a columnar copy of the events (DuckDB) in a file, which answers questions about many events ' +
      'much faster than the rows. `auto`: once a dataset has 50,000 events. You may delete the file at ' +
      'any time; the server rebuilds it, and `off` deletes it. A database with Citus has no copy.',
  },
  COLUMN_STORE_FILE: {
    ...text('path', 'the path of a file'),
    fallback:
      '`<database>.columns.duckdb` beside an SQLite database, `./data/postgresql.columns.duckdb` with PostgreSQL',
    description:
      'The file of that copy. Each server needs its own: give different paths to servers that run in the ' +
      'same folder.',
  },
  COLUMN_STORE_MEMORY: {
    ...wholeNumber('bytes', 64 * MEBIBYTE, 1024 * 1024 * MEBIBYTE),
    default: String(512 * MEBIBYTE),
    description: 'Memory for queries of that copy, and for filling it. Beyond it, DuckDB writes to disk.',
  },
  COLUMN_STORE_THREADS: {
    ...wholeNumber('threads', 1, 64),
    fallback: 'two, or one if the machine has one processor',
    description: 'Processors that a query of that copy may use.',
  },
};

/** The settings of the columnar copy of the events. */
export interface ColumnsConfig {
  /** A dataset gets a copy from this many events on. Null for never. */
  readonly fromEvents: number | null;
  /** Null for the default of the database. */
  readonly file: string | null;
  readonly memoryBytes: number;
  readonly threads: number;
}

interface Values {
  readonly COLUMN_STORE: 'auto' | 'on' | 'off';
  readonly COLUMN_STORE_FILE: string | undefined;
  readonly COLUMN_STORE_MEMORY: number;
  readonly COLUMN_STORE_THREADS: number | undefined;
}

const FROM_EVENTS = { auto: AUTO_FROM_EVENTS, on: 0, off: null } as const;

export const readColumnsConfig = (values: Values): ColumnsConfig => ({
  fromEvents: FROM_EVENTS[values.COLUMN_STORE],
  file: values.COLUMN_STORE_FILE ?? null,
  memoryBytes: values.COLUMN_STORE_MEMORY,
  threads: values.COLUMN_STORE_THREADS ?? Math.min(2, availableParallelism()),
});
