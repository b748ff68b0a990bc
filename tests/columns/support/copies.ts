import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, inject } from 'vitest';
import { type Copy, type CopyOptions, openCopy } from '../../../src/columns/copy.ts';
import { copyFileOf, removeCopy } from '../../../src/columns/copy-path.ts';
import { heldColumns } from '../../../src/columns/held-columns.ts';
import { openRows } from '../../../src/columns/open-rows.ts';
import { toPlain } from '../../../src/columns/plain-value.ts';
import type { CopySettings } from '../../../src/columns/protocol.ts';
import type { Dataset } from '../../../src/core/dataset/dataset.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import type { Store } from '../../../src/storage/store.ts';
import { TEST_SETTINGS } from './settings.ts';

/** The path at which tests keep the copy of a database. */
export const fileOfCopy = (url: string): string =>
  url.startsWith('file:')
    ? copyFileOf(url)
    : join(inject('databaseFolder'), `${new URL(url).pathname.slice(1)}.columns.duckdb`);

/** Gives a closed copy to another database, as if it were a copy of that one. */
export const giveCopy = (from: string, to: string): Promise<void> =>
  copyFile(fileOfCopy(from), fileOfCopy(to));

/** A copy in the process of the test, and its messages about its file. */
export interface TestCopy extends Copy {
  readonly file: string;
  readonly problems: readonly string[];
  /**
   * The content of the copy for a dataset, in any order: the held columns; booleans are 0 and 1.
   */
  rowsOf(dataset: Dataset): Promise<Record<string, unknown>[]>;
}

/** Opens copies of databases. Closes them after each test, and removes them. */
export function useCopies() {
  const open = new Set<Copy>();
  const files = new Set<string>();
  afterEach(async () => {
    for (const copy of open) await copy.close();
    open.clear();
    for (const file of files) removeCopy(file);
    files.clear();
  });

  return async (
    url: string,
    {
      settings,
      ...options
    }: Partial<Pick<CopyOptions, 'pageRows' | 'mostRowsBehind' | 'datasets' | 'pace'>> & {
      readonly settings?: Partial<CopySettings>;
    } = {},
  ): Promise<TestCopy> => {
    const file = fileOfCopy(url);
    const problems: string[] = [];
    const source = await openRows(url);
    files.add(file);
    const copy = await openCopy({
      ...{ file, datasets, source, ...options },
      settings: { ...TEST_SETTINGS, ...settings },
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

/** The content of a copy for a dataset, in the form of `storedRows`. */
export async function copiedRows(copy: Copy, dataset: Dataset): Promise<Record<string, unknown>[]> {
  const taken = await copy.connections.take();
  const { connection } = taken;
  const names = heldColumns(dataset).map(({ column }) => `"${column.sqlName}"`);
  const result = await connection.runAndReadAll(`select ${names.join(', ')} from "${dataset.table}"`);
  copy.connections.giveBack(taken, true);
  return inOneOrder(
    result
      .getRowObjects()
      .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toPlain(value)]))),
  );
}

/** The same of the rows. */
export async function storedRows(store: Store, dataset: Dataset): Promise<Record<string, unknown>[]> {
  const names = heldColumns(dataset).map(({ column }) => column.sqlName);
  return inOneOrder(await store.query.selectFrom(dataset.table).select(names).execute());
}

function inOneOrder(rows: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  const plain = (name: string, value: unknown): unknown => {
    // PostgreSQL returns JSON as values.
    if (name === 'attributes' && typeof value === 'string') return JSON.parse(value);
    return typeof value === 'bigint' || typeof value === 'boolean' ? Number(value) : value;
  };
  const texts = rows.map((row) => JSON.stringify(row, plain));
  return texts.sort().map((text) => JSON.parse(text));
}
