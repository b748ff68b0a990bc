import { afterEach } from 'vitest';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import { createStore, type StoreOptions } from '../../../src/storage/create-store.ts';
import type { Store } from '../../../src/storage/store.ts';
import type { TestDatabase } from '../../support/databases.ts';
import { keptClients } from '../../support/kept-clients.ts';
import { keptThreads } from '../../support/kept-threads.ts';

export interface TestStores {
  /** A new database with the schema of this version. */
  createUrl(): Promise<string>;
  /** Opens a store on a database, by default on a new one. It is closed after the test. */
  open(url?: string, options?: Partial<StoreOptions>): Promise<Store>;
  /** Closes a store within the test. */
  close(store: Store): Promise<void>;
}

/**
 * Provides stores for the tests of a `describeEachDatabase` body, and closes them after each test.
 */
export function useStores(database: TestDatabase): TestStores {
  const opened: Store[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });

  const createUrl = () => database.createMigratedUrl();

  return {
    createUrl,
    async open(url, options) {
      const store = await createStore({
        url: url ?? (await createUrl()),
        datasets,
        clients: keptClients,
        threads: keptThreads,
        ...options,
      });
      opened.push(store);
      return store;
    },
    async close(store) {
      opened.splice(opened.indexOf(store), 1);
      await store.close();
    },
  };
}

/**
 * The number of stored calls, and the sum of their totals cells at one grain; they are equal if
 * rollups are right.
 */
export async function countCalls(store: Store, grain = 'DAY'): Promise<{ rows: number; rolledUp: number }> {
  const { rows } = await store.query
    .selectFrom(llmCalls.table)
    .select((expression) => expression.fn.countAll().as('rows'))
    .executeTakeFirstOrThrow();
  const { total } = await store.query
    .selectFrom('rollup_cells')
    .select((expression) => expression.fn.sum('row_count').as('total'))
    .where('dataset', '=', llmCalls.name)
    .where('dimension_set', '=', '')
    .where('grain', '=', grain)
    .executeTakeFirstOrThrow();
  return { rows: Number(rows), rolledUp: Number(total ?? 0) };
}
