import { afterEach } from 'vitest';
import { createKeyRing, type KeyRing } from '../../../src/access/key-ring.ts';
import { createKeys, type Keys } from '../../../src/access/keys.ts';
import { createProjects, type Projects } from '../../../src/access/projects.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { createIdSource } from '../../../src/core/ids.ts';
import type { PrismaClient } from '../../../src/storage/prisma.ts';
import type { Store } from '../../../src/storage/store.ts';
import { useStores } from '../../storage/support/stores.ts';
import type { TestDatabase } from '../../support/databases.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';
import { createTestSchedule, type TestSchedule } from '../../support/test-schedule.ts';

/** The keys and projects of one server. */
export interface Instance {
  readonly ring: KeyRing;
  readonly keys: Keys;
  readonly projects: Projects;
  readonly schedule: TestSchedule;
  /** The monotonic clock of the ring. */
  readonly monotonic: { now: number };
  /** Errors that were logged. */
  readonly log: object[];
  /** How often the ring has read the keys. */
  reads(): number;
  /** How many keys it has read. */
  keysRead(): number;
  /** Makes reading the keys fail with this error from now on; null ends that. */
  failWith(error: Error | null): void;
  /** Makes saving their last uses fail with this error from now on. */
  failSavesWith(error: Error): void;
}

export interface Instances {
  readonly clock: TestClock;
  readonly store: Store;
  /** Starts another server on the database. Its clock may be this many milliseconds ahead. */
  start(aheadMs?: number): Promise<Instance>;
}

export const NOW = '2026-11-22T12:00:00.000Z';

/** Opens a new database for servers that share it. */
export function useInstances(database: TestDatabase): () => Promise<Instances> {
  const stores = useStores(database);
  const running: { stop(): Promise<void> }[] = [];
  afterEach(() => Promise.all(running.splice(0).map((repetition) => repetition.stop())));

  return async () => {
    const store = await stores.open();
    const clock = createTestClock(NOW);
    return {
      clock,
      store,
      async start(aheadMs = 0) {
        const own: Clock = { now: () => clock.now() + aheadMs };
        const seen: Seen = { reads: 0, keys: 0, failure: null, saveFailure: null };
        const monotonic = { now: 1000 };
        const log: object[] = [];
        const ring = await createKeyRing({
          prisma: watched(store.prisma, seen),
          clock: own,
          log: { error: (details) => log.push(details) },
          now: () => monotonic.now,
        });
        const schedule = createTestSchedule();
        running.push(ring.run(schedule));
        return {
          ring,
          keys: createKeys({ store, ring, clock: own, ids: createIdSource(own) }),
          projects: createProjects({ store, ring, clock: own }),
          schedule,
          monotonic,
          log,
          reads: () => seen.reads,
          keysRead: () => seen.keys,
          failWith(error) {
            seen.failure = error;
          },
          failSavesWith(error) {
            seen.saveFailure = error;
          },
        };
      },
    };
  };
}

interface Seen {
  reads: number;
  keys: number;
  failure: Error | null;
  saveFailure: Error | null;
}

function watched(prisma: PrismaClient, seen: Seen): PrismaClient {
  const extended = prisma.$extends({
    query: {
      apiKey: {
        async findMany({ args, query }) {
          seen.reads++;
          if (seen.failure !== null) throw seen.failure;
          const rows = await query(args);
          seen.keys += rows.length;
          return rows;
        },
        updateMany({ args, query }) {
          if (seen.saveFailure !== null) throw seen.saveFailure;
          return query(args);
        },
      },
    },
  });
  return extended as unknown as PrismaClient;
}
