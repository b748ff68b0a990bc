import { expect, it } from 'vitest';
import { createReadinessCheck } from '../../src/server/readiness.ts';
import { StorageUnavailable } from '../../src/storage/errors.ts';
import { useStores } from '../storage/support/stores.ts';
import { describeEachDatabase } from '../support/databases.ts';

describeEachDatabase('readiness', (database) => {
  const stores = useStores(database);

  it.each([
    ['append', 'Events cannot be recorded: The database is damaged. page 7'],
    ['transact', 'States cannot be changed: The database is damaged. page 7'],
  ] as const)('reports the failure of the last %s even if other writes succeed', async (kind, reason) => {
    const store = await stores.open();
    const damaged = new StorageUnavailable('page 7', { trouble: 'DAMAGED' });
    const failures = new Map([[kind, damaged]]);
    const applied = await store.query.selectFrom('_prisma_migrations').select('migration_name').execute();
    const migrations = applied.map((row) => row.migration_name);
    const check = createReadinessCheck({ store, migrations, failedWrites: () => failures });
    expect(await check()).toEqual({ ready: false, reason });
    failures.clear();
    expect(await check()).toEqual({ ready: true });
  });
});
