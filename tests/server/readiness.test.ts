import { expect, it, vi } from 'vitest';
import { createReadinessCheck, type ReadinessOptions } from '../../src/server/readiness.ts';
import { StorageUnavailable } from '../../src/storage/errors.ts';
import type { Store } from '../../src/storage/store.ts';
import { watchWrites } from '../../src/storage/watch-writes.ts';
import { useStores } from '../storage/support/stores.ts';
import { describeEachDatabase } from '../support/databases.ts';

describeEachDatabase('readiness', (database) => {
  const stores = useStores(database);

  async function checkOf(store: Store, options: Partial<ReadinessOptions> = {}) {
    const applied = await store.query.selectFrom('_prisma_migrations').select('migration_name').execute();
    const clock = { now: 10_000 };
    const log: unknown[] = [];
    const check = createReadinessCheck({
      store,
      migrations: applied.map((row) => row.migration_name),
      failedWrites: () => new Map(),
      log: { warn: ({ err }: { err?: unknown }, message) => log.push([message, err]) },
      now: () => clock.now,
      ...options,
    });
    return { check, clock, log };
  }

  it.each([
    ['append', 'Events cannot be recorded: The database is damaged.'],
    ['transact', 'States cannot be changed: The database is damaged.'],
  ] as const)('reports the failure of the last %s even if other writes succeed', async (kind, reason) => {
    const damaged = new StorageUnavailable('page 7', { trouble: 'DAMAGED' });
    const failures = new Map([[kind, damaged]]);
    const { check, clock, log } = await checkOf(await stores.open(), { failedWrites: () => failures });
    expect(await check()).toEqual({ ready: false, reason });
    clock.now += 1_000;
    expect(await check()).toEqual({ ready: false, reason });
    expect(log).toEqual([[`Not ready. ${reason}`, damaged]]);
    failures.clear();
    clock.now += 1_000;
    expect(await check()).toEqual({ ready: true });
  });

  it('is reported as soon as the database is back, although no write has succeeded since', async () => {
    const store = await stores.open();
    const away = new StorageUnavailable('terminated');
    const { store: watched, failedWrites } = watchWrites(
      { ...store, append: () => Promise.reject(away) },
      { now: () => 0 },
    );
    await expect(watched.append([])).rejects.toBe(away);
    const writing = vi.spyOn(store.query, 'updateTable').mockImplementationOnce(() => {
      throw away;
    });
    const { check, clock } = await checkOf(store, { failedWrites });
    expect(await check()).toMatchObject({
      ready: false,
      reason: expect.stringContaining('cannot be written'),
    });
    expect(writing).toHaveBeenCalledOnce();
    clock.now += 1_000;
    expect(await check()).toEqual({ ready: true });
  });

  it('queries the database once for all requests of a second, and writes its message only to the log', async () => {
    const store = await stores.open();
    const away = new Error('connect ECONNREFUSED 10.1.2.3:5432');
    let asked = 0;
    const ping = () => {
      asked++;
      return asked > 1 ? Promise.reject(away) : store.ping();
    };
    const { check, clock, log } = await checkOf({ ...store, ping });
    expect(await Promise.all([check(), check()])).toEqual([{ ready: true }, { ready: true }]);
    clock.now += 999;
    expect(await check()).toEqual({ ready: true });
    expect(asked).toBe(1);
    clock.now += 1;
    const reason = 'The database does not answer.';
    expect(await Promise.all([check(), check()])).toEqual([
      { ready: false, reason },
      { ready: false, reason },
    ]);
    expect(asked).toBe(2);
    expect(log).toEqual([[`Not ready. ${reason}`, away]]);
  });
});
