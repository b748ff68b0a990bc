import { randomUUID } from 'node:crypto';
import { afterEach, expect } from 'vitest';
import type { Row } from '../../../src/core/dataset/row.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import { createInstances, type Instances } from '../../../src/instances/instances.ts';
import type { TailDelivery } from '../../../src/instances/tail-delivery.ts';
import type { TailOptions } from '../../../src/instances/tails.ts';
import { createLive } from '../../../src/live/create-live.ts';
import type { Live } from '../../../src/live/live.ts';
import type { Store } from '../../../src/storage/store.ts';
import { callGroup, callRow, idOf } from '../../storage/support/calls.ts';
import { useStores } from '../../storage/support/stores.ts';
import type { TestDatabase } from '../../support/databases.ts';

/** The part of a server that follows the events of other instances, without the server. */
export interface TestInstance {
  readonly store: Store;
  readonly live: Live;
  readonly instances: Instances;
  readonly problems: unknown[];
  /** Stores a call and publishes it, as the write path does, and returns its id. */
  record(row?: Row): Promise<string>;
  tail(options?: Partial<TailOptions>): Promise<TestTail>;
}

/** The calls that a tail has delivered so far. */
export interface TestTail {
  readonly deliveries: TailDelivery[];
  ids(): string[];
  /** Resolves when it has delivered exactly these, in any order. */
  expectIds(ids: readonly string[]): Promise<void>;
  leave(): Promise<void>;
}

export interface TestInstances {
  createUrl(): Promise<string>;
  /**
   * Opens an instance on a database, which listens by default. It is stopped after the test.
   *
   * @param capacity how many events may wait for a tail
   */
  open(url: string, listens?: boolean, capacity?: number): Promise<TestInstance>;
}

export function useInstances(database: TestDatabase): TestInstances {
  const opened: TestInstance[] = [];
  // Before the hook of the stores, because hooks run last in, first out.
  const stores = useStores(database);
  afterEach(async () => {
    for (const { live, instances } of opened.splice(0)) {
      live.close();
      await instances.stop();
    }
  });
  return {
    createUrl: stores.createUrl,
    async open(url, listens = true, capacity = 1000) {
      const problems: unknown[] = [];
      const store = await stores.open(url, { onProblem: (problem) => problems.push(problem) });
      const instance = composeInstance(store, problems, capacity);
      if (listens) instance.instances.start();
      opened.push(instance);
      return instance;
    },
  };
}

function composeInstance(store: Store, problems: unknown[], capacity: number): TestInstance {
  const live = createLive({ capacity });
  const underWay = new Set<Promise<unknown>>();
  const instances = createInstances({
    ...{ store, live, datasets, self: randomUUID() },
    settled: async () => void (await Promise.allSettled(underWay)),
    onProblem: (problem) => problems.push(problem),
  });

  async function recordNow(row: Row): Promise<string> {
    const [result] = await store.append([callGroup(row)]);
    if (result?.fresh[0]?.[0]) live.publish(llmCalls.topic, [row]);
    return idOf(row);
  }

  return {
    ...{ store, live, instances, problems },
    record(row = callRow()) {
      const recorded = recordNow(row);
      underWay.add(recorded);
      return recorded.finally(() => underWay.delete(recorded));
    },
    async tail({ accepts = () => true, after } = {}) {
      return readTail(await instances.tails.open(llmCalls, { projectId: 'default', accepts, after }));
    },
  };
}

function readTail(tail: AsyncIterableIterator<TailDelivery>): TestTail {
  const deliveries: TailDelivery[] = [];
  const ended = (async () => {
    for await (const delivery of tail) deliveries.push(delivery);
  })();
  const ids = () => deliveries.map(({ event }) => idOf(event));
  return {
    deliveries,
    ids,
    expectIds: (wanted) => expect.poll(() => ids().sort(), { interval: 5 }).toEqual([...wanted].sort()),
    async leave() {
      await tail.return?.();
      await ended;
    },
  };
}
