import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createConnect } from '../../src/storage/dialect/postgresql/connect-beside.ts';
import { orUnavailable } from '../../src/storage/dialect/unavailable.ts';
import type { Store } from '../../src/storage/store.ts';
import { describeOnlyOn } from '../support/databases.ts';
import { useStores } from './support/stores.ts';

/** An error without a listener would end the process, and this test with it. */
describeOnlyOn('postgresql', 'a connection that breaks', (database) => {
  const stores = useStores(database);

  const endWhere = async (store: Store, condition: string): Promise<number> => {
    const { rows } = await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and ${sql.raw(condition)}`.execute(
      store.query,
    );
    return rows.length;
  };

  test('in the middle of a probe fails the probe', async () => {
    const store = await stores.open();
    const probe = store.reading({ kind: 'PROBE' }, () =>
      orUnavailable(sql`select pg_sleep(600)`.execute(store.query)),
    );
    const failed = expect(probe).rejects.toMatchObject({ trouble: 'AWAY' });
    await expect.poll(() => endWhere(store, `query like 'select pg_sleep%'`)).toBe(1);
    await failed;
    await expect.poll(() => store.ping().then(() => 'answers', String)).toBe('answers');
  });

  test('during a backup does no harm', async () => {
    const url = await stores.createUrl();
    const client = await createConnect(url)();
    // Unlike Node's `once`, this does not listen to errors.
    const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
    expect(await endWhere(await stores.open(url), `application_name = 'telltale backup'`)).toBe(1);
    await ended;
    await client.end();
  });
});
