import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { layoutOf, storeLayouts } from '../../src/rollups/layout.ts';
import { createWriterMerge } from '../../src/rollups/merge-writers.ts';
import { verifyRollups } from '../../src/rollups/verify.ts';
import { createStore } from '../../src/storage/create-store.ts';
import { raiseHorizons } from '../../src/storage/horizons.ts';
import type { Store } from '../../src/storage/store.ts';
import { callGroup, callRow, NOON } from '../storage/support/calls.ts';
import { useStores } from '../storage/support/stores.ts';
import { describeOnlyOn } from '../support/databases.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const always = async () => true;

describeOnlyOn('postgresql', 'cells of several writers', (database) => {
  const stores = useStores(database);
  let one: Store;
  let other: Store;
  let now = NOON;
  beforeAll(async () => {
    const url = await stores.createUrl();
    one = await createStore({ url, datasets });
    other = await createStore({ url, datasets });
  });
  afterAll(() => Promise.all([one.close(), other.close()]));
  beforeEach(async () => {
    now = NOON;
    const tables = [llmCalls.table, 'rollup_cells', 'retention_horizons'];
    for (const table of tables) await one.query.deleteFrom(table).execute();
  });

  const createMerge = (store: Pick<Store, 'query' | 'functions' | 'exclusively'> = one, batchSize = 200) =>
    createWriterMerge({ store, clock: { now: () => now }, datasets: [llmCalls], batchSize });

  const record = (store: Store, ...minutes: readonly number[]) =>
    store.append([callGroup(...minutes.map((minute) => callRow({ timestamp: NOON + minute * MINUTE_MS })))]);

  /**
   * The buckets in minutes from noon, with the number of writers that have parts of their totals.
   */
  async function writers(grain: string): Promise<[minute: number, writers: number][]> {
    const rows = await one.query
      .selectFrom('rollup_cells')
      .where('grain', '=', grain)
      .where('dimension_set', '=', '')
      .groupBy('bucket')
      .orderBy('bucket')
      .select((expression) => ['bucket', expression.fn.countAll().as('parts')])
      .execute();
    return rows.map(({ bucket, parts }) => [(Number(bucket) - NOON) / MINUTE_MS, Number(parts)]);
  }

  const differences = async () => (await verifyRollups(one, llmCalls)).differences;

  test('are merged when their buckets are over, and stay right', async () => {
    await record(one, -61, -61, -2);
    await record(other, -61, -30, -2);
    expect(await writers('MINUTE')).toEqual([
      [-61, 2],
      [-30, 1],
      [-2, 2],
    ]);

    expect(await createMerge().run(always)).toBeGreaterThan(0);
    expect(await writers('MINUTE')).toEqual([
      [-61, 1],
      [-30, 1],
      [-2, 2],
    ]);
    expect(await writers('HOUR')).toEqual([
      [-120, 1],
      [-60, 2],
    ]);
    expect(await writers('DAY')).toEqual([[-720, 2]]);
    expect(await differences()).toEqual([]);
  });

  test('are merged again after late events', async () => {
    const merge = createMerge();
    await record(one, -61);
    await record(other, -61);
    await merge.run(always);
    await record(other, -61);
    expect(await writers('MINUTE')).toEqual([[-61, 2]]);
    now += 5 * MINUTE_MS;
    expect(await merge.run(always)).toBeGreaterThan(0);
    expect(await writers('MINUTE')).toEqual([[-61, 1]]);
    expect(await merge.run(always)).toBe(0);
    expect(await differences()).toEqual([]);
  });

  test('are merged after the clock was set back', async () => {
    const merge = createMerge();
    now += 48 * HOUR_MS;
    await merge.run(always);
    now = NOON;
    await record(one, -61);
    await record(other, -61);
    expect(await merge.run(always)).toBeGreaterThan(0);
    expect(await writers('MINUTE')).toEqual([[-61, 1]]);
  });

  test('are not merged before the horizon, or while another instance has the work', async () => {
    await record(one, -61, -130);
    await record(other, -61, -130);
    expect(await createMerge().run(async () => false)).toBe(0);
    const horizon = { source: 'HOUR' as const, dimensionSet: '', instant: NOON - HOUR_MS };
    await raiseHorizons(one.query, { projectId: 'default', dataset: llmCalls }, [horizon]);
    await createMerge().run(always);
    expect(await writers('HOUR')).toEqual([
      [-180, 2],
      [-120, 2],
    ]);
    expect(await writers('MINUTE')).toEqual([
      [-130, 1],
      [-61, 1],
    ]);
  });

  test('are not merged if another version with more measures has started', async () => {
    await record(one, -61);
    await record(other, -61);
    const layout = layoutOf(llmCalls);
    const ofNext = { ...layout, measures: [...layout.measures, 'next'] };
    await storeLayouts(one.query, [{ dataset: llmCalls, layout: ofNext }]);
    expect(await createMerge().run(always)).toBe(0);
    await storeLayouts(one.query, [{ dataset: llmCalls, layout }]);
    expect(await createMerge().run(always)).toBeGreaterThan(0);
  });

  test('are right, whatever both append between the steps', async () => {
    const minutes = fc.array(fc.integer({ min: -70, max: -10 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        minutes,
        minutes,
        fc.array(minutes, { minLength: 1, maxLength: 4 }),
        async (left, right, late) => {
          await one.query.deleteFrom(llmCalls.table).execute();
          await one.query.deleteFrom('rollup_cells').execute();
          await record(one, ...left);
          await record(other, ...right);
          let step = 0;
          const between: Pick<Store, 'query' | 'functions' | 'exclusively'> = {
            ...one,
            async exclusively(work) {
              const more = late[step] ?? [];
              if (more.length > 0) await record(step % 2 === 0 ? one : other, ...more);
              step += 1;
              return one.exclusively(work);
            },
          };
          await createMerge(between, 3).run(always);
          expect(await differences()).toEqual([]);
        },
      ),
      { numRuns: 8 },
    );
  });
});
