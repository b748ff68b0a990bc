import { expect, test } from 'vitest';
import type { Row } from '../../src/core/dataset/row.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { requestLogs } from '../../src/declarations/traffic/request-logs.ts';
import { verifyRollups } from '../../src/rollups/verify.ts';
import type { Store } from '../../src/storage/store.ts';
import { callGroup, callRow, NOON } from '../storage/support/calls.ts';
import { useStores } from '../storage/support/stores.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { createTestClock } from '../support/test-clock.ts';
import {
  analyticsOf,
  contentsOf,
  DAY_MS,
  daysAgo,
  lateBy,
  retentionOf,
  TODAY,
  totalsOf,
} from './support/expiring.ts';

const AGES = [0, 6, 7, 8, 89, 90, 91, 400, 401];

describeEachDatabase('retention', (database) => {
  const stores = useStores(database);

  async function storeWith(rows: readonly Row[]): Promise<Store> {
    const store = await stores.open();
    await store.append([callGroup(...rows)]);
    return store;
  }

  test('removes only rows and cells of whole days that the policy no longer keeps', async () => {
    const [end, before] = [TODAY - 90 * DAY_MS, TODAY - 90 * DAY_MS - 1];
    const lastToGo = callRow({ timestamp: before, receivedAt: before });
    const firstToStay = callRow({ timestamp: end, receivedAt: end });
    const store = await storeWith([...AGES.map((age) => daysAgo(age)), lastToGo, firstToStay]);
    const [removal] = await retentionOf(store).run();
    expect(removal).toMatchObject({ dataset: 'llmCalls', rows: 4 });
    expect(await contentsOf(store)).toEqual({
      rows: [0, 6, 7, 8, 89, 90, 90.5],
      MINUTE: [0, 6, 7],
      HOUR: [0, 6, 7, 8, 89, 90, 91, 400],
      DAY: [0, 6, 7, 8, 89, 90, 91, 400, 401],
    });
    expect((await verifyRollups(store, llmCalls)).differences).toEqual([]);
    const nothing = { rows: 0, cells: 0, archived: 0, from: null, until: null };
    expect(await retentionOf(store).run()).toEqual([{ dataset: 'llmCalls', ...nothing }]);
  });

  test('keeps answers about the past exact, from the remaining cells', async () => {
    const store = await storeWith(AGES.map((age) => daysAgo(age, { cost: 1_000_000 * (age + 1) })));
    const analytics = analyticsOf(store);
    const before = await totalsOf(analytics, 401, 0);
    await retentionOf(store).run();
    const after = await totalsOf(analytics, 401, 0);
    expect(after).toMatchObject({ count: AGES.length, cost: before.cost });
    expect(after.source).toMatchObject({ kind: 'ROLLUP', grain: 'DAY' });
  });

  test('follows the policy of each project', async () => {
    const rows = [91, 1].flatMap((age) => [daysAgo(age), daysAgo(age, { projectId: 'archive' })]);
    const store = await storeWith(rows);
    const retention = retentionOf(store);
    const forEver = { rows: null, MINUTE: null, HOUR: null, DAY: null };
    await retention.policies.set('archive', llmCalls, forEver);
    await retention.run();
    expect(await contentsOf(store)).toMatchObject({ rows: [1], MINUTE: [1], HOUR: [1, 91] });
    expect(await contentsOf(store, 'archive')).toMatchObject({ rows: [1, 91], MINUTE: [1, 91] });
    expect(await retention.rowsSince('archive', llmCalls)).toBeNull();
    await retention.policies.reset('archive', llmCalls);
    await retention.run();
    expect(await contentsOf(store, 'archive')).toMatchObject({ rows: [1], MINUTE: [1] });
  });

  test('follows RETENTION_DAYS if the dataset has no row days of its own', async () => {
    const store = await storeWith([daysAgo(3), daysAgo(1)]);
    await retentionOf(store, { retentionDays: 2 }).run();
    expect((await contentsOf(store)).rows).toEqual([1]);
    const own = { ...llmCalls, retention: { ...llmCalls.retention, rows: 90, ownRows: true } };
    await store.append([callGroup(daysAgo(3))]);
    await retentionOf(store, { retentionDays: 2, datasets: [own] }).run();
    expect((await contentsOf(store)).rows).toEqual([1, 3]);
  });

  test('removes in batches, and events can be stored between them', async () => {
    const old = Array.from({ length: 25 }, () => daysAgo(91));
    const store = await storeWith([...old, daysAgo(0)]);
    const appends: Promise<unknown>[] = [];
    const retention = retentionOf(
      {
        ...store,
        exclusively: async (work) => {
          const value = await store.exclusively(work);
          appends.push(store.append([callGroup(daysAgo(0))]));
          return value;
        },
      },
      { batchSize: 10 },
    );
    const [removal] = await retention.run();
    await Promise.all(appends);
    expect(removal?.rows).toBe(25);
    // Transactions for the horizons, for three batches of rows, and for at least one of each kind
    // of cell.
    expect(appends.length).toBeGreaterThanOrEqual(4 + 4);
    expect((await contentsOf(store)).rows).toEqual([0, ...appends.map(() => 0)]);
    expect((await totalsOf(analyticsOf(store), 91, 0)).count).toBe(26 + appends.length);
    expect((await verifyRollups(store, llmCalls)).differences).toEqual([]);
  });

  test('keeps late events as long as new ones, and counts them once', async () => {
    const store = await storeWith([daysAgo(100), daysAgo(0)]);
    const [retention, analytics] = [retentionOf(store), analyticsOf(store)];
    await retention.run();
    const late = [lateBy(100), lateBy(200), lateBy(2)];
    await store.append([callGroup(...late)]);
    await retention.run();
    // Sent again, for example because the answer was lost.
    await store.append([callGroup(...late)]);
    expect(await contentsOf(store)).toMatchObject({ rows: [0, 2, 100, 200], MINUTE: [0, 2] });
    expect((await totalsOf(analytics, 200, 0)).count).toBe(5);
    expect((await verifyRollups(store, llmCalls)).differences).toEqual([]);
    const clock = createTestClock(NOON + 91 * DAY_MS);
    await retentionOf(store, { clock }).run();
    expect((await contentsOf(store)).rows).toEqual([]);
    expect((await totalsOf(analytics, 200, 0)).count).toBe(5);
  });

  test('keeps the rows of an import of old events', async () => {
    const store = await storeWith([lateBy(500), lateBy(501), daysAgo(1)]);
    await retentionOf(store).run();
    const range = { from: NOON - 501 * DAY_MS, to: NOON };
    const filter = {
      kind: 'test',
      field: 'finishReason',
      operator: 'eq',
      value: 'stop',
      negated: true,
    } as const;
    const scope = { dataset: llmCalls, projectId: 'default', range, filter };
    expect((await analyticsOf(store).totals(scope, [])).value.rowCount).toBe(3);
  });

  test('finds the few expired rows among many of the same time', async () => {
    const late = [100, 99, 98].flatMap((days) => Array.from({ length: 20 }, () => lateBy(days)));
    const store = await storeWith([...late, daysAgo(100), daysAgo(98)]);
    const [removal] = await retentionOf(store, { batchSize: 3 }).run();
    expect(removal?.rows).toBe(2);
    expect((await contentsOf(store)).rows).toHaveLength(60);
  });

  test('only counts in a dry run', async () => {
    const store = await storeWith(AGES.map((age) => daysAgo(age)));
    const before = await contentsOf(store);
    const counted = await retentionOf(store).run({ dryRun: true });
    expect(await contentsOf(store)).toEqual(before);
    expect(await retentionOf(store).rowsSince('default', llmCalls)).toBeNull();
    expect(counted).toMatchObject([{ rows: 3, cells: expect.any(Number) }]);
    expect(await retentionOf(store).run()).toEqual(counted);
  });

  test('skips datasets without events', async () => {
    const store = await storeWith([daysAgo(91)]);
    const removals = await retentionOf(store, { datasets: [requestLogs, llmCalls] }).run();
    expect(removals).toMatchObject([
      { dataset: 'requestLogs', rows: 0, cells: 0 },
      { dataset: 'llmCalls', rows: 1 },
    ]);
  });

  test('reports the oldest row and since when rows are complete', async () => {
    const store = await storeWith([daysAgo(91), daysAgo(3)]);
    const retention = retentionOf(store);
    expect(await retention.oldestRow('default', llmCalls)).toBe(NOON - 91 * DAY_MS);
    expect(await retention.rowsSince('default', llmCalls)).toBeNull();
    await retention.run();
    expect(await retention.oldestRow('default', llmCalls)).toBe(NOON - 3 * DAY_MS);
    expect(await retention.rowsSince('default', llmCalls)).toBe(TODAY - 90 * DAY_MS);
    expect(await retention.oldestRow('nobody', llmCalls)).toBeNull();
  });
});
