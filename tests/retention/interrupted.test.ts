import { expect, test } from 'vitest';
import { createAnalytics } from '../../src/analytics/create-analytics.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { ensureRollups } from '../../src/rollups/layout.ts';
import { rebuildRollups } from '../../src/rollups/rebuild.ts';
import { createRollupWork } from '../../src/rollups/rollup-work.ts';
import { verifyRollups } from '../../src/rollups/verify.ts';
import { createHorizonReader } from '../../src/storage/horizons.ts';
import type { Store } from '../../src/storage/store.ts';
import { callGroup } from '../storage/support/calls.ts';
import { useStores } from '../storage/support/stores.ts';
import { describeEachDatabase } from '../support/databases.ts';
import {
  analyticsOf,
  contentsOf,
  DAY_MS,
  daysAgo,
  retentionOf,
  TODAY,
  totalsOf,
} from './support/expiring.ts';

/** Twenty calls on each of five days, of which three have expired if rows stay for two days. */
const CALLS = [4, 3, 3.2, 2, 0].flatMap((age) => Array.from({ length: 20 }, () => daysAgo(age)));
const keepingTwoDays = (store: Store, batchSize = 2_000) =>
  retentionOf(store, { retentionDays: 2, batchSize });
/** A query that only rows can answer. */
const OF_REASON = {
  kind: 'test',
  field: 'finishReason',
  operator: 'eq',
  value: 'stop',
  negated: true,
} as const;

describeEachDatabase('retention beside other work, or interrupted', (database) => {
  const stores = useStores(database);

  async function filled(url?: string): Promise<Store> {
    const store = await stores.open(url);
    await store.append([callGroup(...CALLS)]);
    return store;
  }

  /** A store whose transactions after the first `count` do something else. */
  function after(count: number, store: Store, instead: () => void): Store {
    let begun = 0;
    return {
      ...store,
      exclusively: async (work) => {
        if (++begun > count) instead();
        return store.exclusively(work);
      },
    };
  }

  async function expectConsistentRemainder(store: Store): Promise<void> {
    expect((await contentsOf(store)).rows.length).toBeGreaterThan(40);
    const scope = {
      dataset: llmCalls,
      projectId: 'default',
      range: { from: TODAY - 3 * DAY_MS, to: TODAY, exact: true },
      filter: OF_REASON,
    } as const;
    await expect(analyticsOf(store).totals(scope, [])).rejects.toThrow(
      /Rows before 2026-11-18T00:00:00.000Z/,
    );
    expect(await totalsOf(analyticsOf(store), 4, 0)).toMatchObject({ count: 100, source: { grain: 'DAY' } });
    expect((await verifyRollups(store, llmCalls)).differences).toEqual([]);
    await rebuildRollups(store, llmCalls);
    expect((await totalsOf(analyticsOf(store), 4, 0)).count).toBe(100);
  }

  test('leaves no wrong counts if it is killed between batches, and continues the next time', async () => {
    const store = await filled();
    const killed = after(3, store, () => {
      throw new Error('killed');
    });
    await expect(keepingTwoDays(killed, 7).run()).rejects.toThrow('killed');
    await expectConsistentRemainder(store);
    await keepingTwoDays(store, 7).run();
    expect((await contentsOf(store)).rows).toHaveLength(40);
  });

  test('stops after a batch on request', async () => {
    const store = await filled();
    const controller = new AbortController();
    const stopping = after(2, store, () => controller.abort());
    const [removal] = await keepingTwoDays(stopping, 7).run({ signal: controller.signal });
    expect(removal).toMatchObject({ dataset: 'llmCalls', rows: 14, cells: 0 });
    await expectConsistentRemainder(store);
  });

  test('shares the work with another instance while events arrive', async () => {
    const url = await stores.createUrl();
    const [one, other] = [await filled(url), await stores.open(url)];
    const late = Array.from({ length: 30 }, (_, index) =>
      (index % 2 === 0 ? one : other).append([callGroup(daysAgo(index % 3 === 0 ? 3 : 1))]),
    );
    const runs = [one, other].map((store) => keepingTwoDays(store, 3).run());
    const removals = (await Promise.all(runs)).flat();
    await Promise.all(late);
    // A late event may have arrived after both had passed its day.
    await keepingTwoDays(one).run();
    expect((await contentsOf(one)).rows).toHaveLength(40 + 20);
    expect(removals.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThanOrEqual(60 + 10);
    expect((await totalsOf(analyticsOf(other), 4, 0)).count).toBe(130);
    expect((await verifyRollups(other, llmCalls)).differences).toEqual([]);
  });

  test('keeps rows until all cells are made that will outlive them', async () => {
    const store = await filled();
    expect(await ensureRollups(store, [llmCalls])).toEqual(['llmCalls']);
    const retention = keepingTwoDays(store);
    expect(await retention.run()).toMatchObject([{ rows: 0 }]);
    await createRollupWork({ store, datasets: [llmCalls] }).run();
    expect(await retention.run()).toMatchObject([{ rows: 60 }]);
    expect(await totalsOf(analyticsOf(store), 4, 0)).toMatchObject({ count: 100, source: { grain: 'DAY' } });
  });

  test('is noticed by a question that is being answered', async () => {
    const store = await filled();
    const reader = createHorizonReader(store.query);
    let isFirst = true;
    const analytics = createAnalytics({
      store,
      horizons: {
        known: reader.known,
        // By now, the rows have been read.
        async read(projectId, dataset) {
          if (isFirst) await keepingTwoDays(store).run();
          isFirst = false;
          return reader.read(projectId, dataset);
        },
      },
    });
    const range = { from: TODAY - 4 * DAY_MS, to: TODAY };
    const scope = { dataset: llmCalls, projectId: 'default', range, filter: null };
    await reader.known('default', llmCalls);
    await expect(
      analytics.totals({ ...scope, range: { ...range, exact: true }, filter: OF_REASON }, []),
    ).rejects.toThrow(/have expired/);
    expect(isFirst).toBe(false);
    expect((await analytics.totals(scope, [])).value.rowCount).toBe(80);
  });

  test('is noticed by another instance, whose questions are answered from coarser cells', async () => {
    const url = await stores.createUrl();
    const [one, other] = [await stores.open(url), await stores.open(url)];
    await one.append([callGroup(daysAgo(91), daysAgo(90.5), daysAgo(0))]);
    const analytics = analyticsOf(other);
    const range = { from: TODAY - 91 * DAY_MS + 3_600_000, to: TODAY };
    const scope = { dataset: llmCalls, projectId: 'default', range, filter: null };
    const ragged = { ...scope, range: { ...range, from: range.from + 30_000 } };
    expect((await analytics.totals(ragged, [])).source.kind).toBe('MIXED');
    await retentionOf(one).run();
    const exactly = { ...ragged, range: { ...ragged.range, exact: true } } as const;
    await expect(analytics.totals(exactly, [])).rejects.toThrow(/HOUR is the finest grain.*T02:00:00.000Z/);
    expect(await analytics.totals(ragged, [])).toMatchObject({
      value: { rowCount: 2 },
      source: { kind: 'ROLLUP', range, moved: [{ asked: ragged.range.from, answered: range.from }] },
    });
    expect(await analytics.totals(scope, [])).toMatchObject({
      value: { rowCount: 2 },
      source: { kind: 'ROLLUP' },
    });
  });
});
