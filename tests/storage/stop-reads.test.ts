import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createAnalytics } from '../../src/analytics/create-analytics.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { createReadMeter } from '../../src/storage/reading.ts';
import type { Store } from '../../src/storage/store.ts';
import { notOnCitus } from '../support/citus.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { callGroup, callRow, NOON } from './support/calls.ts';
import { useStores } from './support/stores.ts';

/** More rows than between two stop points. */
const ROWS = 4_200;
const ANY = Number.POSITIVE_INFINITY;
const REASON = new Error('The client has gone.');

describeEachDatabase('reads that are stopped', (database) => {
  const stores = useStores(database);
  let url = '';

  async function open(): Promise<Store> {
    url = await stores.createUrl();
    const store = await stores.open(url, { readers: 1 });
    await store.append([callGroup(...Array.from({ length: ROWS }, () => callRow()))]);
    return store;
  }

  /** A join that takes hours. */
  const endless = (store: Store) =>
    store.query
      .selectFrom([`${llmCalls.table} as one`, `${llmCalls.table} as two`, `${llmCalls.table} as three`])
      .select(sql<number>`sum(one.prompt_tokens + two.prompt_tokens + three.prompt_tokens)`.as('sum'))
      .execute();

  const count = async (store: Store) =>
    (await store.query.selectFrom(llmCalls.table).select(sql<number>`count(*)`.as('count')).execute())[0]
      ?.count;

  test.skipIf(notOnCitus('CROSS_JOIN'))('end, and the next read in the queue begins', async () => {
    const store = await open();
    const controller = new AbortController();
    const stopped = expect(store.reading({ signal: controller.signal }, () => endless(store))).rejects.toBe(
      REASON,
    );
    const next = count(store);
    await isRunning(store);
    controller.abort(REASON);
    await stopped;
    expect(await next).toBe(ROWS);
  });

  test('leave the queue if they wait', async () => {
    const store = await open();
    const first = new AbortController();
    const second = new AbortController();
    const running = expect(store.reading({ signal: first.signal }, () => endless(store))).rejects.toBe(
      REASON,
    );
    const waiting = expect(store.reading({ signal: second.signal }, () => count(store))).rejects.toBe(REASON);
    const last = count(store);
    second.abort(REASON);
    first.abort(REASON);
    await Promise.all([running, waiting]);
    expect(await last).toBe(ROWS);
  });

  test('do not begin after the signal has aborted, by Kysely and by Prisma', async () => {
    const store = await open();
    const signal = AbortSignal.abort(REASON);
    await expect(store.reading({ signal }, () => count(store))).rejects.toBe(REASON);
    await expect(store.reading({ signal }, async () => await store.prisma.agent.findMany())).rejects.toBe(
      REASON,
    );
    expect(await count(store)).toBe(ROWS);
  });

  test('do not stop writes', async () => {
    const store = await open();
    await store.reading({ signal: AbortSignal.abort(REASON) }, async () => {
      await store.append([callGroup(callRow())]);
      await store.transact('key', (prisma) => prisma.agent.findMany());
    });
    expect(await count(store)).toBe(ROWS + 1);
  });

  test('are limited in rows and bytes, over all statements of a scope', async () => {
    const store = await open();
    const select = () => store.query.selectFrom(llmCalls.table).select('id').execute();
    const rows = createReadMeter({ rows: 2 * ROWS, bytes: ANY, cells: ANY });
    await store.reading({ meter: rows }, async () => {
      await select();
      await select();
      await expect(select()).rejects.toMatchObject({
        code: 'QUERY_TOO_COMPLEX',
        details: { unit: 'rows', limit: 2 * ROWS },
      });
    });
    const bytes = createReadMeter({ rows: ANY, bytes: 10_000, cells: ANY });
    await expect(store.reading({ meter: bytes }, select)).rejects.toMatchObject({
      code: 'QUERY_TOO_COMPLEX',
      details: { unit: 'bytes', limit: 10_000 },
    });
    expect(await count(store)).toBe(ROWS);
  });

  test('are counted together with the memory of an analysis', async () => {
    const store = await open();
    const meter = createReadMeter({ rows: ANY, bytes: ANY, cells: 10 });
    const analytics = createAnalytics({ store });
    const range = { from: NOON - 86_400_000, to: NOON + 86_400_000, exact: true } as const;
    const scope = { dataset: llmCalls, projectId: 'default', range, filter: null };
    const series = (grain: 'DAY' | 'HOUR') =>
      analytics.series(scope, [], { grain, timeZone: 'UTC', dimensions: [], top: 1, fill: 'NONE' });
    await store.reading({ meter }, async () => {
      await series('DAY');
      store.count({ cells: 9 });
      await expect(series('HOUR')).rejects.toMatchObject({
        code: 'QUERY_TOO_COMPLEX',
        details: { unit: 'cells', limit: 10 },
      });
    });
  });

  test.skipIf(notOnCitus('CROSS_JOIN'))('do not wait for others if they are probes', async () => {
    const store = await open();
    const controller = new AbortController();
    const running = expect(
      store.reading({ signal: controller.signal, kind: 'LONG', projectId: 'default' }, () => endless(store)),
    ).rejects.toBe(REASON);
    await isRunning(store);
    await store.reading({ kind: 'PROBE' }, async () => {
      await store.ping();
      expect(Number(await count(store))).toBe(ROWS);
    });
    controller.abort(REASON);
    await running;
  });

  /** On SQLite, nothing shows that; tests/storage/sqlite-threads.test.ts waits for the thread. */
  async function isRunning(store: Store): Promise<void> {
    if (store.dialect === 'sqlite') return;
    const other = await stores.open(url);
    await expect
      .poll(async () => {
        const { rows } = await sql`select 1 from pg_stat_activity
          where datname = current_database() and state = 'active' and query like '%three%'
            and pid <> pg_backend_pid()`.execute(other.query);
        return rows.length;
      })
      .toBeGreaterThan(0);
  }
});
