import { sql } from 'kysely';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { asUnavailable } from '../../src/storage/dialect/unavailable.ts';
import { type StorageTrouble, StorageUnavailable } from '../../src/storage/errors.ts';
import type { Store } from '../../src/storage/store.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { callGroup, callRow } from './support/calls.ts';
import { useStores } from './support/stores.ts';

const coded = (code: string, more: object = {}): Error =>
  Object.assign(new Error('said so'), { code, ...more });

describe('asUnavailable', () => {
  it.each<[string, StorageTrouble]>([
    ['SQLITE_BUSY_SNAPSHOT', 'BUSY'],
    ['SQLITE_FULL', 'FULL'],
    ['SQLITE_IOERR_SHMSIZE', 'FULL'],
    ['SQLITE_READONLY_DBMOVED', 'READ_ONLY'],
    ['SQLITE_CORRUPT_INDEX', 'DAMAGED'],
    ['SQLITE_NOTADB', 'DAMAGED'],
    ['SQLITE_IOERR_WRITE', 'DISK'],
    ['SQLITE_CANTOPEN', 'AWAY'],
    ['53100', 'FULL'],
    ['53300', 'BUSY'],
    ['57014', 'BUSY'],
    ['25006', 'READ_ONLY'],
    ['XX001', 'DAMAGED'],
    ['58030', 'DISK'],
    ['57P01', 'AWAY'],
    ['08006', 'AWAY'],
    ['ECONNREFUSED', 'AWAY'],
    ['P1017', 'AWAY'],
    ['P2028', 'BUSY'],
  ])('reports %s as %s', (code, trouble) => {
    expect(asUnavailable(coded(code))).toMatchObject({ trouble });
  });

  it('prefers the error of the driver to that of Prisma', () => {
    const driverAdapterError = coded('', {
      cause: { originalCode: 'SQLITE_FULL', originalMessage: 'disk full' },
    });
    const error = coded('P2039', { meta: { driverAdapterError } });
    expect(asUnavailable(error)).toMatchObject({ trouble: 'FULL', message: 'disk full', cause: error });
  });

  it('treats a socket that cannot be connected to as an unreachable database', () => {
    const error = coded('ENOENT', { syscall: 'connect', address: '/tmp/.s.PGSQL.5432' });
    expect(asUnavailable(error)).toMatchObject({ trouble: 'AWAY' });
    expect(asUnavailable(coded('ENOENT', { syscall: 'open' }))).toBeNull();
  });

  it('recognises a broken connection by its message if it has no code', () => {
    expect(asUnavailable(new Error('Connection terminated unexpectedly'))).toMatchObject({ trouble: 'AWAY' });
    expect(asUnavailable(new Error('failure on connection marked as essential: db-1:5432'))).toMatchObject({
      trouble: 'AWAY',
    });
  });

  it.each([
    coded('SQLITE_CONSTRAINT_UNIQUE'),
    coded('SQLITE_ERROR'),
    coded('23505'),
    coded('42P01'),
    coded('22008'),
    coded('P2002'),
    new Error('Connection'),
    undefined,
    'text',
  ])('does not change %s', (error) => {
    expect(asUnavailable(error)).toBeNull();
  });
});

describeEachDatabase('a store whose database can only be read', (database) => {
  const stores = useStores(database);

  async function open(): Promise<{ readonly store: Store; readonly end: () => Promise<unknown> }> {
    const url = await stores.createUrl();
    const store = await stores.open(url);
    if (database.dialect === 'sqlite') {
      await sql.raw('pragma query_only = 1').execute(store.query);
      return { store, end: () => sql.raw('pragma query_only = 0').execute(store.query) };
    }
    const name = new URL(url).pathname.slice(1);
    await sql`alter database ${sql.id(name)} set default_transaction_read_only = on`.execute(store.query);
    return { store: await stores.open(url), end: () => endReadOnly(url, name) };
  }

  async function endReadOnly(connectionString: string, name: string): Promise<void> {
    const client = new pg.Client({ connectionString, options: '-c default_transaction_read_only=off' });
    await client.connect();
    await client.query(`alter database "${name}" reset default_transaction_read_only`);
    await client.end();
  }

  it('reports it for every write, on any path, and accepts events when that is over', async () => {
    const { store, end } = await open();
    const writes: Record<string, () => Promise<unknown>> = {
      append: () => store.append([callGroup(callRow())]),
      transact: () => store.transact('key', (prisma) => prisma.alert.deleteMany()),
      prisma: () => store.prisma.alert.deleteMany(),
      kysely: () => store.query.deleteFrom('alerts').execute(),
    };
    for (const [way, write] of Object.entries(writes)) {
      const error = await write().then(() => null, asUnavailable);
      expect(error, way).toBeInstanceOf(StorageUnavailable);
      expect(error, way).toMatchObject({ trouble: 'READ_ONLY' });
    }
    expect(await store.prisma.alert.count()).toBe(0);
    await end();
    expect(await store.append([callGroup(callRow())])).toEqual([{ fresh: [[true]] }]);
  });
});
