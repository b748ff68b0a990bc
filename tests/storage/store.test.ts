import { EventEmitter, once } from 'node:events';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { createStore } from '../../src/storage/create-store.ts';
import { StorageUnavailable } from '../../src/storage/errors.ts';
import { UNLIMITED } from '../../src/storage/reading.ts';
import type { Store } from '../../src/storage/store.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { callGroup, callRow, NOON } from './support/calls.ts';
import { countCalls, useStores } from './support/stores.ts';

describe('createStore', () => {
  test.each(['mysql://localhost/x', 'telltale.db', '', 'sqlite:./x.db'])(
    'refuses the URL %j',
    async (url) => {
      await expect(createStore({ url, datasets })).rejects.toThrow(/file:.*postgresql:/);
    },
  );

  test.each(['file::memory:', 'file:', 'file:./x.db?mode=ro'])('refuses the file URL %j', async (url) => {
    await expect(createStore({ url, datasets })).rejects.toThrow(/does not name a file/);
  });

  test('reports that a file does not exist', async () => {
    const problems: Error[] = [];
    const store = createStore({
      url: 'file:/nowhere/telltale.db',
      datasets,
      onProblem: (error) => problems.push(error),
    });
    await expect(store).rejects.toThrow(StorageUnavailable);
  });

  test('reports that a server cannot be reached', async () => {
    const store = createStore({ url: 'postgresql://nobody@127.0.0.1:1/nothing', datasets });
    await expect(store).rejects.toThrow(StorageUnavailable);
  });
});

describeEachDatabase('store', (database) => {
  const stores = useStores(database);

  test('returns numbers for whole numbers, sums and times', async () => {
    const store = await stores.open();
    await store.append([callGroup(callRow({ cost: 9_000_000_000_000_000 }))]);
    const row = await store.query
      .selectFrom(llmCalls.table)
      .select((expression) => [
        'cost_nano_usd',
        'timestamp',
        expression.fn.sum('prompt_tokens').as('tokens'),
        expression.fn.countAll().as('count'),
      ])
      .groupBy(['cost_nano_usd', 'timestamp'])
      .execute();
    expect(row).toEqual([{ cost_nano_usd: 9_000_000_000_000_000, timestamp: NOON, tokens: 100, count: 1 }]);
  });

  test('accepts instants and whole numbers as parameters', async () => {
    const store = await stores.open();
    await store.append([callGroup(callRow({ timestamp: NOON }), callRow({ timestamp: NOON + 1 }))]);
    const { rows } = await sql<{ count: number }>`
      select count(*) as count, cast(7 as integer) / cast(${2} as integer) as half
      from llm_calls where timestamp > ${new Date(NOON)}`.execute(store.query);
    expect(rows).toEqual([{ count: 1, half: 3 }]);
  });

  test('ends its scopes when it is closed, because each remaining one costs time at each promise', async () => {
    const store = await stores.open();
    await store.reading({ kind: 'LONG' }, async () => {
      await store.ping();
      expect(store.scope()).toMatchObject({ kind: 'LONG' });
      await stores.close(store);
      expect(store.scope()).toBe(UNLIMITED);
    });
  });

  test('rolls a transaction back if its work throws', async () => {
    const store = await stores.open();
    const work = store.query.transaction().execute(async (transaction) => {
      await transaction.insertInto('rollup_layouts').values({ dataset: 'x', layout: '{}' }).execute();
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await store.query.selectFrom('rollup_layouts').selectAll().execute()).toEqual([]);
  });

  test('reads while a transaction writes, and sees the state before it', async () => {
    const store = await stores.open();
    await store.append([callGroup(callRow())]);
    await store.query.transaction().execute(async (transaction) => {
      await transaction.deleteFrom(llmCalls.table).execute();
      const seen = await Promise.all([countRows(store), store.prisma.llmCall.count(), countRows(store)]);
      expect(seen).toEqual([1, 1, 1]);
    });
    expect(await countRows(store)).toBe(0);
  });

  test('sees one state throughout a read-only transaction', async () => {
    const store = await stores.open();
    await store.query
      .transaction()
      .setAccessMode('read only')
      .setIsolationLevel('repeatable read')
      .execute(async (snapshot) => {
        expect(await countRows({ query: snapshot })).toBe(0);
        await store.append([callGroup(callRow())]);
        expect(await countRows({ query: snapshot })).toBe(0);
        await expect(snapshot.deleteFrom(llmCalls.table).execute()).rejects.toThrow(/read-?only/i);
      })
      .catch((error: unknown) => {
        // PostgreSQL ends a transaction at the first error in it.
        if (store.dialect === 'sqlite') throw error;
      });
    expect(await countRows(store)).toBe(1);
  });

  test('rolls back a transaction that was forgotten, and continues', async () => {
    const events = new EventEmitter();
    const store = await stores.open(undefined, {
      transactionIdleMs: 200,
      onProblem: (error) => events.emit('problem', error),
    });
    const forgotten = store.query.transaction().execute(async (transaction) => {
      await transaction.insertInto('rollup_layouts').values({ dataset: 'x', layout: '{}' }).execute();
      // On SQLite, the append waits for the end of the transaction; PostgreSQL ends it by closing
      // the connection.
      if (store.dialect === 'sqlite') await store.append([callGroup(callRow())]);
      else await once(events, 'problem');
      await transaction.deleteFrom('rollup_layouts').execute();
    });
    await expect(forgotten).rejects.toThrow(
      store.dialect === 'sqlite' ? /nothing happened in it/ : /connection/i,
    );
    expect(await store.query.selectFrom('rollup_layouts').selectAll().execute()).toEqual([]);
    expect(await store.append([callGroup(callRow())])).toEqual([{ fresh: [[true]] }]);
  });

  test('keeps appends, including those of other instances, out of exclusive work', async () => {
    const url = await stores.createUrl();
    const [first, second] = [await stores.open(url), await stores.open(url)];
    await second.append([callGroup(callRow())]);
    const order: string[] = [];
    let append: Promise<unknown> | undefined;
    await first.exclusively(async (transaction) => {
      append = second.append([callGroup(callRow())]).then(() => order.push('appended'));
      expect(await countRows({ query: transaction })).toBe(1);
      await sql`select 1`.execute(transaction);
      expect(await countRows({ query: transaction })).toBe(1);
      order.push('exclusive work done');
    });
    await append;
    expect(order).toEqual(['exclusive work done', 'appended']);
  });

  test('rejects a statement that fails, and stays usable', async () => {
    const store = await stores.open();
    await expect(sql`select * from nothing_here`.execute(store.query)).rejects.toThrow(/nothing_here/);
    await expect(sql`insert into nothing_here values (1)`.execute(store.query)).rejects.toThrow(
      /nothing_here/,
    );
    await store.ping();
    expect(await countCalls(store)).toEqual({ rows: 0, rolledUp: 0 });
  });

  test('finishes running work before it closes, and refuses work afterwards', async () => {
    const url = await stores.createUrl();
    const store = await createStore({ url, datasets });
    const running = [
      store.append([callGroup(callRow())]),
      countRows(store),
      store.append([callGroup(callRow())]),
    ];
    await store.close();
    expect((await Promise.allSettled(running)).map(({ status }) => status)).toEqual(
      Array(3).fill('fulfilled'),
    );
    await expect(store.append([callGroup(callRow())])).rejects.toThrow(StorageUnavailable);
    await expect(store.ping()).rejects.toThrow();
    expect(await countRows(await stores.open(url))).toBe(2);
  });

  test('does not block the event loop while a query takes long', async () => {
    const store = await stores.open();
    const slow = sql<{ total: number }>`
      with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 1500000)
      select count(*) as total from numbers`.execute(store.query);
    let turns = 0;
    let running = true;
    const watch = (): void => {
      turns++;
      if (running) setImmediate(watch);
    };
    watch();
    const { rows } = await slow;
    running = false;
    expect(rows).toEqual([{ total: 1_500_000 }]);
    expect(turns).toBeGreaterThan(50);
  });
});

async function countRows({ query }: Pick<Store, 'query'>): Promise<number> {
  const row = await query
    .selectFrom(llmCalls.table)
    .select((expression) => expression.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
