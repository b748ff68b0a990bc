import { afterAll, beforeAll } from 'vitest';
import type { Row } from '../../../src/core/dataset/row.ts';
import { datasets, states } from '../../../src/declarations/registry.ts';
import { createStore } from '../../../src/storage/create-store.ts';
import type { Store, StoredTable } from '../../../src/storage/store.ts';
import type { TestDatabase } from '../../support/databases.ts';
import { keptClients } from '../../support/kept-clients.ts';
import { keptThreads } from '../../support/kept-threads.ts';

/** One migrated store for the tests of a `describeEachDatabase` body. */
export interface StoreOfTests {
  readonly store: Store;
  /**
   * A project that no test has used before, so that tests share a store without seeing each other's
   * rows.
   */
  newProject(): string;
  /**
   * Stores the rows under a project, rollups included; each list is a separate group in one
   * transaction.
   */
  append(projectId: string, dataset: StoredTable, ...groups: (readonly Row[])[]): Promise<void>;
}

export function useStore(database: TestDatabase): StoreOfTests {
  let store: Store | undefined;
  let projects = 0;
  const opened = (): Store => {
    if (store === undefined) throw new Error('The store is open during tests only.');
    return store;
  };

  beforeAll(async () => {
    store = await createStore({
      url: await database.createMigratedUrl(),
      datasets,
      states,
      clients: keptClients,
      threads: keptThreads,
    });
  });
  afterAll(() => store?.close());

  return {
    get store() {
      return opened();
    },
    newProject: () => `project-${++projects}`,
    async append(projectId, dataset, ...groups) {
      const own = (row: Row): Row => row.with(dataset.at.projectId, projectId);
      await opened().append(groups.map((rows) => ({ parts: [{ dataset, rows: rows.map(own) }] })));
    },
  };
}
