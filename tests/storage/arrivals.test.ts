import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { defined } from '../../src/core/defined.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { openBackupFormat, openMigrationConnection } from '../../src/storage/create-store.ts';
import { createArrivals } from '../../src/storage/dialect/postgresql/arrivals.ts';
import { typeParsers } from '../../src/storage/dialect/postgresql/types.ts';
import type { MigrationConnection } from '../../src/storage/migration-connection.ts';
import { migrationsFolder, readMigrations } from '../../src/storage/migrator/files.ts';
import { migrate } from '../../src/storage/migrator/migrate.ts';
import type { Store } from '../../src/storage/store.ts';
import { notOnCitus } from '../support/citus.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { createFollower, insertForeignCall, lastArrivals, numberedCalls } from './support/arrivals.ts';
import { callGroup, callRow, idOf, NOON } from './support/calls.ts';
import { useStores } from './support/stores.ts';

const MIGRATION = '0020_arrivals';
const broken = () => callGroup(callRow({ model: null }));

/** Appends calls one at a time, and returns their numbers in this order. */
async function appendEach(store: Store, count: number): Promise<number[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  for (const id of ids) await store.append([callGroup(callRow({ id }))]);
  const numbers = new Map((await numberedCalls(store)).map(({ id, arrival }) => [id, arrival]));
  return ids.map((id) => numbers.get(id) ?? Number.NaN);
}

function expectAscending(numbers: readonly number[]): void {
  expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
  expect(numbers.every(Number.isSafeInteger)).toBe(true);
}

async function withConnection<Value>(
  url: string,
  work: (connection: MigrationConnection) => Promise<Value>,
): Promise<Value> {
  const connection = await openMigrationConnection(url);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

describeEachDatabase('the numbers of events', (database) => {
  const stores = useStores(database);

  test('ascend, and none is used twice after the newest events are removed', async () => {
    const url = await stores.createUrl();
    const first = await stores.open(url);
    const given = await appendEach(first, 3);
    await removeFrom(first, defined(given[1]));
    given.push(...(await appendEach(first, 2)));
    await stores.close(first);

    const second = await stores.open(url);
    await removeFrom(second, 0);
    given.push(...(await appendEach(second, 2)));
    expect(given).toHaveLength(7);
    expectAscending(given);
  });

  test('are not used up by events that were stored before', async () => {
    const store = await stores.open();
    const [a, b, c] = [callRow(), callRow(), callRow()];
    await store.append([callGroup(a)]);
    await store.append([callGroup(a, b, a), callGroup(b)]);
    await store.append([callGroup(b, a)]);
    await store.append([callGroup(c)]);
    const numbered = await numberedCalls(store);
    expect(numbered.map(({ id }) => id)).toEqual([a, b, c].map(idOf));
    expectAscending(numbered.map(({ arrival }) => arrival));
  });

  test('are not used twice after failed appends, or by a new writer', async () => {
    const url = await stores.createUrl();
    const first = await stores.open(url);
    await expect(first.append([broken()])).rejects.toThrow(/null/i);
    const given = await appendEach(first, 1);
    await expect(first.append([callGroup(callRow()), broken()])).rejects.toThrow(/null/i);
    given.push(...(await appendEach(first, 1)));
    await stores.close(first);
    given.push(...(await appendEach(await stores.open(url), 1)));
    expectAscending(given);
  });

  test.skipIf(notOnCitus('COLUMNS'))(
    'show everything once to a reader that follows two writers',
    async () => {
      const url = await stores.createUrl();
      const writers = [await stores.open(url), await stores.open(url)];
      const reader = await stores.open(url);
      const rows = Array.from({ length: 120 }, (_, index) => callRow({ timestamp: NOON - index }));
      const follower = createFollower(reader);
      let writing = writers.length;
      const write = async (store: Store, own: typeof rows) => {
        for (let start = 0; start < own.length; start += 4) {
          await store.append([callGroup(...own.slice(start, start + 4))]);
          if (start % 16 === 0) await expect(store.append([broken()])).rejects.toThrow(/null/i);
        }
        writing--;
      };
      const follow = async () => {
        while (writing > 0) await follower.follow();
        await follower.follow();
      };
      // Both writers send a third of the events.
      await Promise.all([
        follow(),
        write(defined(writers[0]), rows.slice(0, 80)),
        write(defined(writers[1]), rows.slice(40)),
      ]);
      expect(follower.ids).toHaveLength(rows.length);
      expect(new Set(follower.ids)).toEqual(new Set(rows.map(idOf)));
    },
  );

  test('begin after the existing rows of a migrated database', async () => {
    const url = await database.createUrl();
    const own = await readMigrations(migrationsFolder(database.dialect));
    const position = own.findIndex(({ name }) => name === MIGRATION);
    await withConnection(url, async (connection) => {
      await migrate(connection, { migrations: own.slice(0, position) });
      for (let row = 0; row < 3; row++) await insertForeignCall(connection, { id: randomUUID() });
      await migrate(connection, { backUp: null });
    });
    const store = await stores.open(url);
    const noted = await lastArrivals(store);
    const names = noted.map(({ dataset }) => dataset);
    expect(noted.filter(({ last }) => last > 0)).toEqual(
      database.dialect === 'sqlite' ? [{ dataset: 'llmCalls', writer: 0, last: 3 }] : [],
    );
    expect(names).toHaveLength(database.dialect === 'sqlite' ? 12 : 0);
    expect(datasets.map(({ name }) => name)).toEqual(expect.arrayContaining(names));

    const before = (await numberedCalls(store)).map(({ arrival }) => arrival);
    expect(before).toEqual(database.dialect === 'sqlite' ? [1, 2, 3] : []);
    expectAscending([...before, ...(await appendEach(store, 2))]);
  });

  async function removeFrom(store: Store, arrival: number): Promise<void> {
    const newest = (await numberedCalls(store, arrival)).map(({ id }) => id);
    const { numDeletedRows } = await store.query
      .deleteFrom(llmCalls.table)
      .where('id', 'in', newest)
      .executeTakeFirstOrThrow();
    expect(Number(numDeletedRows)).toBeGreaterThan(0);
  }

  if (database.dialect === 'sqlite') {
    test('skip the numbers of rows that another tool has inserted', async () => {
      const url = await stores.createUrl();
      const store = await stores.open(url);
      const [before = 0] = await appendEach(store, 1);
      await withConnection(url, (connection) => insertForeignCall(connection, { id: randomUUID() }));
      expect(await appendEach(store, 1)).toEqual([before + 2]);
    });

    test('do not change when the file is compacted, and in its backup', async () => {
      const url = await stores.createUrl();
      const store = await stores.open(url);
      await appendEach(store, 6);
      const holes = (await numberedCalls(store)).filter((_, index) => [0, 2, 5].includes(index));
      await store.query
        .deleteFrom(llmCalls.table)
        .where(
          'id',
          'in',
          holes.map(({ id }) => id),
        )
        .execute();
      const kept = await numberedCalls(store);
      expect(kept.map(({ arrival }) => arrival)).toEqual([2, 4, 5]);

      const path = `${url.slice('file:'.length)}.copy`;
      await (await openBackupFormat(url)).copyTo(path);
      const copy = await stores.open(`file:${path}`);
      await sql`vacuum`.execute(store.query);
      for (const compacted of [store, copy]) {
        expect(await numberedCalls(compacted)).toEqual(kept);
        expect(await appendEach(compacted, 1)).toEqual([7]);
      }
    });
    return;
  }

  test('continue after the connection of the writer broke', async () => {
    const store = await stores.open(undefined, { onProblem: () => {} });
    const given = await appendEach(store, 2);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'telltale writer' and datname = current_database()`.execute(store.query);
    // This append may notice that the connection broke.
    await store.append([callGroup(callRow())]).catch(() => undefined);
    expectAscending([...given, ...(await appendEach(store, 1))]);
  });

  describe('that a writer reserves', () => {
    test('follow each other, and those of a rollback are not used', async () => {
      const client = new pg.Client({ connectionString: await stores.createUrl(), types: typeParsers });
      await client.connect();
      try {
        const arrivals = createArrivals(client, 999, 1);
        const numbers: number[] = [];
        for (let append = 0; append < 1_002; append++) numbers.push(await arrivals.next('llmCalls'));
        const first = 999 * 2 ** 43 + 1;
        expect(numbers).toEqual(Array.from({ length: 1_002 }, (_, index) => first + index));
        expectAscending(numbers);
        expect(await arrivals.next('errorLogs')).toBe(first);
        expect(await createArrivals(client, 0, 1).next('llmCalls')).toBe(1);
        arrivals.forget();
        expect(await arrivals.next('llmCalls')).toBe(first + 2_000);
        // A standby took over, and lacks the last reservation.
        const afterwards = createArrivals(client, 999, 2);
        expect(await afterwards.next('llmCalls')).toBe(first + 2 ** 33);
        afterwards.forget();
        expect(await afterwards.next('llmCalls')).toBe(first + 2 ** 33 + 1_000);
        expect(await createArrivals(client, 998, 5_000).next('llmCalls')).toBeLessThan(999 * 2 ** 43);
      } finally {
        await client.end();
      }
    });
  });
});
