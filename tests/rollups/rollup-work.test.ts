import { expect, test } from 'vitest';
import { createAnalytics } from '../../src/analytics/create-analytics.ts';
import type { Dataset } from '../../src/core/dataset/dataset.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { ensureRollups } from '../../src/rollups/layout.ts';
import { createRollupWork } from '../../src/rollups/rollup-work.ts';
import { verifyRollups } from '../../src/rollups/verify.ts';
import { createHorizonReader, raiseHorizons } from '../../src/storage/horizons.ts';
import type { Store } from '../../src/storage/store.ts';
import { callRow, NOON } from '../storage/support/calls.ts';
import { useStores } from '../storage/support/stores.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { bringInLine, withRollups } from './support/bring-in-line.ts';

const DAY_MS = 86_400_000;
const MIDNIGHT = NOON - DAY_MS / 2;
const BEFORE = withRollups(llmCalls, []);
const AFTER = withRollups(llmCalls, [], ['provider']);
/** Four days with one call each. The oldest is long ago, as if from a wrong clock. */
const INSTANTS = [NOON, NOON - DAY_MS, NOON - 2 * DAY_MS, NOON - 20_000 * DAY_MS];
/** The steps of a day: its hours, then the day itself, then the first hour of the day before. */
const STEPS_OF_A_DAY = 26;

describeEachDatabase('the work on rollups after a declaration has changed', (database) => {
  const stores = useStores(database);

  async function filled(url?: string): Promise<Store> {
    const store = await stores.open(url, { datasets: [BEFORE] });
    await ensureRollups(store, [BEFORE]);
    await record(store, BEFORE, ...INSTANTS);
    return store;
  }

  async function byProvider(store: Store) {
    const analytics = createAnalytics({ store, horizons: createHorizonReader(store.query) });
    const range = { from: NOON - 30_000 * DAY_MS, to: MIDNIGHT + DAY_MS };
    const scope = { dataset: AFTER, projectId: 'default', range, filter: null };
    const options = { orderBy: { by: 'count', direction: 'desc' }, first: 5 } as const;
    const { value, source } = await analytics.groups(scope, [], { ...options, dimensions: ['provider'] });
    return { counts: value.map(({ stats }) => stats.rowCount), source };
  }

  /** Lets the work continue for this many steps. */
  function steps(count: number): () => Promise<boolean> {
    let left = count;
    return async () => left-- > 0;
  }

  test('answers are right before, during and after it, while events are recorded', async () => {
    const url = await stores.createUrl();
    await filled(url);
    const store = await stores.open(url, { datasets: [AFTER] });
    expect(await ensureRollups(store, [AFTER])).toEqual(['llmCalls']);
    const work = createRollupWork({ store, datasets: [AFTER] });
    const before = await byProvider(store);
    expect(before.counts).toEqual([4]);
    expect(before.source.kind).toBe('RAW');
    expect(before.source.reason).toMatch(/; some rollups are still being built$/);

    const kinds = new Set<string>();
    for (let recorded = 1; recorded <= 4; recorded++) {
      await work.run(steps(STEPS_OF_A_DAY));
      await record(store, AFTER, INSTANTS[recorded % 4] ?? NOON);
      const { counts, source } = await byProvider(store);
      expect(counts).toEqual([4 + recorded]);
      kinds.add(source.kind);
    }
    expect([...kinds]).toEqual(['MIXED', 'ROLLUP']);
    expect(await work.run()).toEqual([]);
    expect((await verifyRollups(store, AFTER)).differences).toEqual([]);
    expect((await byProvider(store)).source.reason).not.toMatch(/being built/);
  });

  test('a project that begins meanwhile gets its cells', async () => {
    const url = await stores.createUrl();
    await filled(url);
    const store = await stores.open(url, { datasets: [AFTER] });
    await ensureRollups(store, [AFTER]);
    await store.append([{ parts: [{ dataset: AFTER, rows: [callRow({ projectId: 'other' })] }] }]);
    expect(await createRollupWork({ store, datasets: [AFTER] }).run()).toMatchObject([{ rows: 4 }]);
    expect((await verifyRollups(store, AFTER)).differences).toEqual([]);
  });

  test('is left to the version that started last', async () => {
    const url = await stores.createUrl();
    const old = await filled(url);
    const store = await stores.open(url, { datasets: [AFTER] });
    await ensureRollups(store, [AFTER]);
    expect(await createRollupWork({ store: old, datasets: [BEFORE] }).run()).toEqual([]);
    expect((await byProvider(store)).counts).toEqual([4]);
    expect(await createRollupWork({ store, datasets: [AFTER] }).run()).toMatchObject([{ rows: 4 }]);
  });

  test('cells begin where the rows begin if retention removes rows meanwhile', async () => {
    const url = await stores.createUrl();
    await filled(url);
    const store = await stores.open(url, { datasets: [AFTER] });
    await ensureRollups(store, [AFTER]);
    const work = createRollupWork({ store, datasets: [AFTER] });
    await work.run(steps(2 * STEPS_OF_A_DAY));
    const horizon = MIDNIGHT + DAY_MS;
    await store.exclusively(async (transaction) => {
      await raiseHorizons(transaction, { projectId: 'default', dataset: AFTER }, [
        { source: 'RAW', instant: horizon },
      ]);
      await transaction.deleteFrom(AFTER.table).where('timestamp', '<', new Date(horizon)).execute();
    });
    await work.run();
    const { counts, source } = await byProvider(store);
    // The last two days were made from their rows before those were removed.
    expect(counts).toEqual([2]);
    expect(source.kind).toBe('ROLLUP');
    expect(source.missing[0]?.to).toBe(MIDNIGHT - DAY_MS);
  });

  test('undeclared cells are removed in batches, and a run continues the previous one', async () => {
    const url = await stores.createUrl();
    const full = await stores.open(url, { datasets: [AFTER] });
    await ensureRollups(full, [AFTER]);
    await record(full, AFTER, ...INSTANTS);
    expect(await ensureRollups(full, [BEFORE])).toEqual([]);
    const work = createRollupWork({ store: full, datasets: [BEFORE], batchSize: 2 });
    await work.run(steps(2));
    expect(await countOfSet(full, 'provider')).toBe(3 * INSTANTS.length - 4);
    expect(await work.run()).toMatchObject([{ dataset: 'llmCalls', removedCells: 3 * INSTANTS.length - 4 }]);
    expect(await countOfSet(full, 'provider')).toBe(0);
    expect(await countOfSet(full, '')).toBe(3 * INSTANTS.length);
    expect(await work.run()).toEqual([]);
  });

  test('cells that are declared again before they are removed are rebuilt', async () => {
    const url = await stores.createUrl();
    const store = await stores.open(url, { datasets: [AFTER] });
    await ensureRollups(store, [AFTER]);
    await record(store, AFTER, NOON);
    await ensureRollups(store, [BEFORE]);
    const other = await stores.open(url, { datasets: [BEFORE] });
    await record(other, BEFORE, NOON, NOON + 5 * DAY_MS);
    expect(await bringInLine(store, [AFTER])).toEqual(['llmCalls']);
    expect((await verifyRollups(store, AFTER)).differences).toEqual([]);
  });
});

async function record(store: Store, dataset: Dataset, ...instants: readonly number[]): Promise<void> {
  const rows = instants.map((timestamp) => callRow({ timestamp }));
  await store.append([{ parts: [{ dataset, rows }] }]);
}

async function countOfSet(store: Store, dimensionSet: string): Promise<number> {
  const { cells } = await store.query
    .selectFrom('rollup_cells')
    .select((expression) => expression.fn.countAll().as('cells'))
    .where('dimension_set', '=', dimensionSet)
    .executeTakeFirstOrThrow();
  return Number(cells);
}
