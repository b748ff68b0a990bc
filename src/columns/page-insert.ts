import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { type HeldType, heldColumns, valuesOf } from './held-columns.ts';
import type { CopiedDataset, RowPage } from './row-source.ts';

/** Inserts pages into the table of a dataset, on one connection. */
export interface PageInsert {
  /** @throws Error if the lists of the page differ in their lengths */
  run(page: RowPage): Promise<void>;
}

/** A page with this many rows makes it worthwhile to prepare a statement. */
const LARGE_PAGE = 1_024;

/** The indexes of the columns of a page that have no values in it. */
type Empty = ReadonlySet<number>;
const NONE: Empty = new Set();

interface Insert {
  readonly empty: Empty;
  readonly statement: DuckDBPreparedStatement;
}

/**
 * About half of the columns of a page have no values in it, and reading their lists takes a third
 * of the time. So large pages are inserted by a statement that knows which columns are empty. Once
 * a page has values in one of them, the next statement reads that column for good, so there are few
 * statements.
 */
export function createPageInsert(connection: DuckDBConnection, dataset: CopiedDataset): PageInsert {
  const types = ['BIGINT' as const, ...heldColumns(dataset).map(({ type }) => type)];
  /** Fits all pages. */
  let general: Insert | null = null;
  /** Fits pages without values in some columns. */
  let frequent: Insert | null = null;

  async function prepare(empty: Empty): Promise<Insert> {
    const statement = await connection.prepare(insertOf(dataset.table, types, empty));
    return { empty, statement };
  }

  async function insertFor(page: RowPage): Promise<Insert> {
    if (page.count >= LARGE_PAGE || frequent !== null) {
      const empty = emptyColumns(page);
      if (frequent !== null && isWithin(frequent.empty, empty)) return frequent;
      if (page.count >= LARGE_PAGE) {
        const known = frequent?.empty ?? empty;
        if (frequent !== null) forget(frequent);
        frequent = await prepare(new Set([...known].filter((index) => empty.has(index))));
        return frequent;
      }
    }
    general ??= await prepare(NONE);
    return general;
  }

  /** A statement that failed keeps its memory. */
  function forget(failed: Insert): void {
    failed.statement.destroySync();
    if (failed === frequent) frequent = null;
    if (failed === general) general = null;
  }

  return {
    async run(page) {
      const insert = await insertFor(page);
      const rowsChanged = await runInsert(insert, page).catch((error: unknown) => {
        forget(insert);
        throw error;
      });
      // DuckDB would fill up lists of different lengths with nulls.
      if (rowsChanged !== page.count) {
        throw new Error(`${rowsChanged} rows of ${dataset.name} were copied instead of ${page.count}`);
      }
    },
  };
}

/** @returns how many rows were inserted */
async function runInsert({ empty, statement }: Insert, { columns }: RowPage): Promise<number> {
  statement.bind(columns.filter((_, index) => !empty.has(index)));
  const { rowsChanged } = await statement.run();
  statement.clearBindings();
  return rowsChanged;
}

function insertOf(table: string, types: readonly HeldType[], empty: Empty): string {
  let parameters = 0;
  const values = types.map((type, index) =>
    empty.has(index) ? `cast(null as ${type})` : `unnest(${valuesOf(type, `$${++parameters}`)})`,
  );
  return `insert into "${table}" select ${values.join(', ')}`;
}

function emptyColumns({ count, columns }: RowPage): Empty {
  // Databases separate the values with or without a space.
  const texts = [',', ', '].map((separator) => `[null${`${separator}null`.repeat(count - 1)}]`);
  return new Set(columns.flatMap((column, index) => (texts.includes(column) ? [index] : [])));
}

function isWithin(some: Empty, all: Empty): boolean {
  for (const index of some) if (!all.has(index)) return false;
  return true;
}
