import { expect } from 'vitest';
import type { Dataset } from '../../../src/core/dataset/dataset.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import { errorLogs } from '../../../src/declarations/traffic/error-logs.ts';
import type { Store } from '../../../src/storage/store.ts';
import { callGroup } from '../../storage/support/calls.ts';
import { useStores } from '../../storage/support/stores.ts';
import type { TestDatabase } from '../../support/databases.ts';
import { calls } from './changes.ts';
import { storedRows, type TestCopy, useCopies } from './copies.ts';

/** A store and the copy of its database. */
export interface CopiedStore {
  readonly url: string;
  readonly store: Store;
  readonly copy: TestCopy;
  /**
   * Brings a dataset up to date, and fails the test if the copy has other rows than the store.
   *
   * @param dataset default: calls
   * @returns how many rows there are
   */
  expectEqual(dataset?: Dataset): Promise<number>;
}

/**
 * Gives stores with copies to the tests of a `describeEachDatabase` body.
 *
 * @param datasets those of the copies; fewer of them open faster. Default: two
 */
export function useCopiedStores(
  database: TestDatabase,
  datasets: readonly Dataset[] = [llmCalls, errorLogs],
) {
  const stores = useStores(database);
  const openCopy = useCopies();
  const open: typeof openCopy = (url, options) => openCopy(url, { datasets, ...options });

  async function openBoth(options: Parameters<typeof open>[1] = {}): Promise<CopiedStore> {
    const url = await stores.createUrl();
    const store = await stores.open(url);
    const copy = await open(url, options);
    return {
      ...{ url, store, copy },
      async expectEqual(dataset = llmCalls) {
        expect(await copy.catchUp(dataset.name)).toBeNull();
        const stored = await storedRows(store, dataset);
        expect(await copy.rowsOf(dataset)).toEqual(stored);
        return stored.length;
      },
    };
  }

  /** A closed copy of six calls. */
  async function openClosed(): Promise<CopiedStore> {
    const both = await openBoth();
    await both.store.append([callGroup(...calls(6))]);
    await both.expectEqual();
    await both.copy.close();
    return both;
  }

  /** Opens the copy of a database, and fails the test unless it is rebuilt and says why. */
  async function expectAnew(url: string, store: Store, said: RegExp): Promise<void> {
    const copy = await open(url);
    expect(copy.problems).toEqual([expect.stringMatching(said)]);
    expect(await copy.rowsOf(llmCalls)).toEqual([]);
    expect(await copy.catchUp('llmCalls')).toBeNull();
    expect(await copy.rowsOf(llmCalls)).toEqual(await storedRows(store, llmCalls));
  }

  return { stores, open, openBoth, openClosed, expectAnew };
}
