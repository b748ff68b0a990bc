import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAnalytics } from '../../src/analytics/create-analytics.ts';
import type { Dataset } from '../../src/core/dataset/dataset.ts';
import type { Row } from '../../src/core/dataset/row.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { decideRebuild, layoutOf } from '../../src/rollups/layout.ts';
import { rebuildRollups } from '../../src/rollups/rebuild.ts';
import { verifyRollups } from '../../src/rollups/verify.ts';
import { createStore } from '../../src/storage/create-store.ts';
import type { Store } from '../../src/storage/store.ts';
import { callGroup, callRow, idOf, NOON } from '../storage/support/calls.ts';
import { countCalls, useStores } from '../storage/support/stores.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { keptClients } from '../support/kept-clients.ts';
import { keptThreads } from '../support/kept-threads.ts';
import { bringInLine, withRollups } from './support/bring-in-line.ts';

const DAY_MS = 86_400_000;

const call: fc.Arbitrary<Row> = fc
  .record({
    projectId: fc.constantFrom('default', 'other'),
    timestamp: fc.integer({ min: NOON - 2 * DAY_MS, max: NOON + DAY_MS }),
    provider: fc.constantFrom('openai', 'anthropic', 'a,"b'),
    model: fc.constantFrom('gpt-4o', 'claude', ''),
    service: fc.constantFrom(null, 'null', 'checkout'),
    success: fc.boolean(),
    cached: fc.boolean(),
    cost: fc.option(fc.integer({ min: 0, max: 1_000_000_000 })),
    latencyMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
    totalTokens: fc.nat(100_000),
  })
  .map((values) => callRow({ id: randomUUID(), ...values }));

/** Batches of groups; some groups are sent again later, as a client does whose answer was lost. */
const traffic = fc.array(fc.record({ rows: fc.array(call, { maxLength: 12 }), again: fc.boolean() }), {
  minLength: 1,
  maxLength: 6,
});

describeEachDatabase('rollups', (database) => {
  const stores = useStores(database);
  // Tests share a store, and each begins without events and cells.
  let url = '';
  let store: Store;
  beforeAll(async () => {
    url = await stores.createUrl();
    store = await createStore({ url, datasets, threads: keptThreads, clients: keptClients });
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    for (const table of [llmCalls.table, 'rollup_cells', 'rollup_layouts', 'retention_horizons'])
      await store.query.deleteFrom(table).execute();
  });

  test('equal the sums of the events, after any batches and retries', async () => {
    const ids = new Set<string>();
    await fc.assert(
      fc.asyncProperty(traffic, async (batches) => {
        const groups = batches.map(({ rows }) => callGroup(...rows));
        const retries = groups.filter((_, index) => batches[index]?.again);
        await Promise.all([store.append(groups), ...retries.map((group) => store.append([group, group]))]);
        for (const { rows } of batches) for (const row of rows) ids.add(idOf(row));
        const { rows, differences } = await verifyRollups(store, llmCalls);
        expect(differences).toEqual([]);
        expect(rows).toBe(ids.size);
      }),
      { numRuns: 5 },
    );
  });

  test('are reported if they differ, with what is wrong', async () => {
    await store.append([callGroup(callRow({ timestamp: NOON }), callRow({ timestamp: NOON + DAY_MS }))]);
    await changeCells(store, 'MINUTE', { row_count: 5 });
    await store.query.deleteFrom('rollup_cells').where('grain', '=', 'HOUR').execute();
    const { differing, differences } = await verifyRollups(store, llmCalls);
    expect(differing).toBe(differences.length);
    const problems = differences
      .filter(({ dimensionSet, bucket }) => dimensionSet === '' && bucket < NOON + 1)
      .map(({ grain, problem }) => `${grain} ${problem}`);
    expect(problems).toEqual(['MINUTE counts 5 events, not 1', 'HOUR is missing; there are 1 events']);
  });

  test('are reported if their events do not exist, also days later', async () => {
    const row = callRow({ timestamp: NOON + 5 * DAY_MS });
    await store.append([callGroup(callRow(), row)]);
    await store.query.deleteFrom(llmCalls.table).where('id', '=', idOf(row)).execute();
    const { differences } = await verifyRollups(store, llmCalls);
    expect(differences.length).toBeGreaterThan(5);
    expect(new Set(differences.map(({ problem }) => problem))).toEqual(
      new Set(['counts 1 events; there are none']),
    );
  });

  test('are right after a rebuild, even if they were wrong before', async () => {
    const rows = Array.from({ length: 260 }, (_, index) =>
      callRow({ timestamp: NOON + index * 600_000, model: `model-${index % 7}`, latencyMs: index / 3 }),
    );
    await store.append([callGroup(...rows)]);
    await changeCells(store, 'HOUR', { row_count: 99, writer: 7 });
    await store.query.deleteFrom('rollup_cells').where('grain', '=', 'MINUTE').execute();
    await store.query
      .deleteFrom(llmCalls.table)
      .where('timestamp', '>', new Date(NOON + 40 * 3_600_000))
      .execute();
    const { rows: read } = await rebuildRollups(store, llmCalls);
    expect(read).toBe(241);
    expect(await verifyRollups(store, llmCalls)).toMatchObject({ rows: 241, differences: [] });
    await store.append([callGroup(callRow({ timestamp: NOON }))]);
    expect((await verifyRollups(store, llmCalls)).differences).toEqual([]);
  });

  test('are right after a rebuild during which events arrived', async () => {
    const other = await stores.open(url);
    const row = (index: number) => callRow({ timestamp: NOON - DAY_MS + (index % 50) * 3_600_000 });
    await store.append([callGroup(...Array.from({ length: 200 }, (_, index) => row(index)))]);
    const appends = Array.from({ length: 40 }, (_, index) =>
      (index % 2 === 0 ? store : other).append([callGroup(row(index))]),
    );
    await Promise.all([rebuildRollups(store, llmCalls), ...appends]);
    expect(await verifyRollups(store, llmCalls)).toMatchObject({ rows: 240, differences: [] });
  });

  test('of days whose events retention removed survive a rebuild', async () => {
    await store.append([callGroup(callRow({ timestamp: NOON - 3 * DAY_MS }), callRow({ timestamp: NOON }))]);
    await store.query
      .deleteFrom(llmCalls.table)
      .where('timestamp', '<', new Date(NOON - DAY_MS))
      .execute();
    await rebuildRollups(store, llmCalls);
    expect(await countCalls(store)).toEqual({ rows: 1, rolledUp: 2 });
  });

  test('are rebuilt at start if a set was added, and a removed set is deleted', async () => {
    const before = withRollups(llmCalls, [], ['origin']);
    const after = withRollups(llmCalls, [], ['provider', 'cached']);
    expect(await bringInLine(store, [before])).toEqual([]);
    await store.append([callGroup(callRow())]);
    await rebuildRollups(store, before);
    expect(await bringInLine(store, [before])).toEqual([]);
    expect(await bringInLine(store, [after])).toEqual(['llmCalls']);
    expect((await verifyRollups(store, after)).differences).toEqual([]);
    const sets = await store.query.selectFrom('rollup_cells').select('dimension_set').distinct().execute();
    expect(sets.map((row) => row.dimension_set).sort()).toEqual(['', 'provider,cached']);
    expect(await bringInLine(store, [after])).toEqual([]);
  });

  test('are built for an added set, and those of the others do not change', async () => {
    const before = withRollups(llmCalls, []);
    await bringInLine(store, [before]);
    await store.append([callGroup(callRow())]);
    await rebuildRollups(store, before);
    // A mark in the existing cells, which a rebuild would remove.
    await store.query.updateTable('rollup_cells').set({ row_count: 7 }).execute();
    const after = withRollups(llmCalls, [], ['provider']);
    const made = await bringInLine(store, [after]);
    const cells = await store.query
      .selectFrom('rollup_cells')
      .select(['dimension_set', 'row_count'])
      .distinct()
      .execute();
    expect(cells.sort((one, other) => one.row_count - other.row_count)).toEqual([
      { dimension_set: 'provider', row_count: 1 },
      { dimension_set: '', row_count: 7 },
    ]);
    expect(made).toEqual(['llmCalls']);
  });

  test('are extended by an added measure, without a rebuild', async () => {
    const before = withoutMeasure('imagePromptTokens');
    await bringInLine(store, [before]);
    await store.append([callGroup(callRow())]);
    await rebuildRollups(store, before);
    const range = { from: NOON, to: NOON + DAY_MS / 2 };
    const totals = async () => {
      const scope = { dataset: llmCalls, projectId: 'default', range, filter: null };
      const wanted = ['cost', 'imagePromptTokens', 'latencyMs'].map((measure) => ({
        measure,
        quantiles: [],
      }));
      const { value, source } = await createAnalytics({ store }).totals(scope, wanted);
      expect(source.kind).toBe('ROLLUP');
      return ['cost', 'imagePromptTokens', 'latencyMs'].map((name) => {
        const { count = null, sum = null } = value.measures.get(name) ?? {};
        return [count, sum];
      });
    };
    expect(await bringInLine(store, [llmCalls])).toEqual([]);
    expect(await totals()).toEqual([
      [1, 0.00045],
      [0, null],
      [1, 812.5],
    ]);
    await store.append([callGroup(callRow({ imagePromptTokens: 85 }))]);
    expect(await totals()).toEqual([
      [2, 0.0009],
      [1, 85],
      [2, 1625],
    ]);
    expect((await verifyRollups(store, llmCalls)).differences).toEqual([]);
  });

  test('are built at start for events that were stored without rollups', async () => {
    await store.append([callGroup(callRow())]);
    await store.query.deleteFrom('rollup_cells').execute();
    expect(await bringInLine(store, [llmCalls])).toEqual(['llmCalls']);
    expect((await verifyRollups(store, llmCalls)).differences).toEqual([]);
  });
});

describe('decideRebuild', () => {
  const layout = { measures: ['a', 'b'], histograms: ['a'], levels: ['HOUR ', 'DAY '] };

  test.each([
    ['the same', layout, 'keep'],
    ['an additional measure', { ...layout, measures: ['a', 'b', 'c'], histograms: ['a', 'c'] }, 'keep'],
    ['a removed set', { ...layout, levels: ['DAY '] }, 'keep'],
    ['an additional set', { ...layout, levels: [...layout.levels, 'DAY page'] }, 'rebuild'],
    ['a measure inserted in front', { ...layout, measures: ['c', 'a', 'b'] }, 'discard'],
    ['a removed measure', { ...layout, measures: ['a'] }, 'discard'],
    ['a histogram inserted in front', { ...layout, histograms: ['b', 'a'] }, 'discard'],
  ])('for %s: %s', (_, declared, decision) => {
    expect(decideRebuild(declared, layout)).toBe(decision);
  });

  test('names every set in every grain', () => {
    expect(layoutOf(withRollups(llmCalls, ['a', 'b'])).levels).toEqual(['MINUTE a,b', 'HOUR a,b', 'DAY a,b']);
  });
});

/** The declaration before the measure was added. */
function withoutMeasure(name: string): Dataset {
  return { ...llmCalls, measures: llmCalls.measures.filter((measure) => measure.name !== name) };
}

async function changeCells(store: Store, grain: string, values: Record<string, unknown>): Promise<void> {
  await store.query.updateTable('rollup_cells').set(values).where('grain', '=', grain).execute();
}
