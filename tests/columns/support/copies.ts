import type { DuckDBValue } from '@duckdb/node-api';
import { afterEach, describe } from 'vitest';
import { type Copy, openCopy } from '../../../src/columns/copy.ts';
import { copyFileOf } from '../../../src/columns/copy-path.ts';
import { heldColumns } from '../../../src/columns/held-columns.ts';
import { toPlain } from '../../../src/columns/plain-value.ts';
import { openSqliteRows } from '../../../src/columns/sqlite-rows.ts';
import type { Dataset } from '../../../src/core/dataset/dataset.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import type { Store } from '../../../src/storage/store.ts';
import { describeOneDatabase, testedDialects } from '../../support/databases.ts';
import { TEST_SETTINGS } from './settings.ts';

/** PostgreSQL has no copy by columns. */
export const describeSqlite =
  testedDialects()[0] === 'sqlite' ? describeOneDatabase : (name: string) => describe.skip(name, () => {});

/** A copy in the process of the test, and what it said about its file. */
export interface TestCopy extends Copy {
  readonly file: string;
  readonly problems: readonly string[];
  /** What the copy has of a dataset, by arrival: the held columns as SQLite has them. */
  rowsOf(dataset: Dataset): Promise<Record<string, unknown>[]>;
}

/** Opens copies of SQLite databases, and closes them after each test. */
export function useCopies() {
  const open = new Set<Copy>();
  afterEach(async () => {
    for (const copy of open) await copy.close();
    open.clear();
  });

  return async (url: string, options: { readonly pageRows?: number } = {}): Promise<TestCopy> => {
    const rows = url.slice('file:'.length);
    const file = copyFileOf(rows);
    const problems: string[] = [];
    const copy = await openCopy({
      ...{ file, datasets, source: openSqliteRows(rows), ...options },
      settings: TEST_SETTINGS,
      onProblem: (problem) => problems.push(problem),
    });
    open.add(copy);
    return {
      ...{ ...copy, file, problems },
      rowsOf: (dataset) => copiedRows(copy, dataset),
      async close() {
        open.delete(copy);
        await copy.close();
      },
    };
  };
}

async function copiedRows(copy: Copy, dataset: Dataset): Promise<Record<string, unknown>[]> {
  const connection = await copy.connect();
  const names = heldColumns(dataset).map(({ column }) => `"${column.sqlName}"`);
  const result = await connection.runAndReadAll(
    `select ${names.join(', ')} from "${dataset.table}" order by arrival`,
  );
  connection.closeSync();
  return result
    .getRowObjects()
    .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asSqlite(value)])));
}

function asSqlite(value: DuckDBValue): unknown {
  return typeof value === 'boolean' ? Number(value) : toPlain(value);
}

/** The same of the rows. */
export async function storedRows(store: Store, dataset: Dataset): Promise<Record<string, unknown>[]> {
  return store.query
    .selectFrom(dataset.table)
    .select(heldColumns(dataset).map(({ column }) => column.sqlName))
    .orderBy('rowid')
    .execute();
}
