import { expect, test } from 'vitest';
import type { Dataset } from '../../src/core/dataset/dataset.ts';
import type { RollupGrain } from '../../src/core/dataset/rollup-set.ts';
import { dimensionSetName } from '../../src/core/rollup/fold.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { ensureRollups, layoutOf } from '../../src/rollups/layout.ts';
import { rebuildRollups } from '../../src/rollups/rebuild.ts';
import { verifyRollups } from '../../src/rollups/verify.ts';
import { type Horizon, raiseHorizons, readHorizons } from '../../src/storage/horizons.ts';
import type { Store } from '../../src/storage/store.ts';
import { callGroup, callRow, NOON } from '../storage/support/calls.ts';
import { countCalls, useStores } from '../storage/support/stores.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { bringInLine, withRollups } from './support/bring-in-line.ts';

const DAY_MS = 86_400_000;
const MIDNIGHT = NOON - DAY_MS / 2;

describeEachDatabase('rollups before the horizons of retention', (database) => {
  const stores = useStores(database);

  test('that retention removed are not reported as missing', async () => {
    const store = await stores.open();
    await store.append([callGroup(callRow())]);
    await store.query.deleteFrom('rollup_cells').where('grain', '=', 'MINUTE').execute();
    expect((await verifyRollups(store, llmCalls)).differing).toBeGreaterThan(0);
    await raiseHorizons(
      store.query,
      { projectId: 'default', dataset: llmCalls },
      horizonsOf(llmCalls, ['MINUTE'], MIDNIGHT + DAY_MS),
    );
    expect((await verifyRollups(store, llmCalls)).differences).toEqual([]);
    // A late event creates cells where the others have been removed.
    await store.append([callGroup(callRow())]);
    expect((await verifyRollups(store, llmCalls)).differences).toEqual([]);
  });

  test('of removed events survive a rebuild when late events arrive for their days', async () => {
    const store = await stores.open();
    const horizon = MIDNIGHT - DAY_MS;
    await store.append([callGroup(callRow({ timestamp: horizon - 1 }), callRow({ timestamp: horizon }))]);
    await raiseHorizons(store.query, { projectId: 'default', dataset: llmCalls }, [
      { source: 'RAW', instant: horizon },
    ]);
    await removeRows(store, horizon);
    await store.append([callGroup(callRow({ timestamp: horizon - 5 * DAY_MS }))]);
    await rebuildRollups(store, llmCalls);
    expect(await countCalls(store)).toEqual({ rows: 2, rolledUp: 3 });
    expect((await verifyRollups(store, llmCalls)).differences).toEqual([]);
    await removeRows(store, MIDNIGHT);
    await store.append([callGroup(callRow({ timestamp: horizon - 9 * DAY_MS }))]);
    await raiseHorizons(store.query, { projectId: 'default', dataset: llmCalls }, [
      { source: 'RAW', instant: MIDNIGHT },
    ]);
    await rebuildRollups(store, llmCalls);
    expect(await countCalls(store)).toEqual({ rows: 1, rolledUp: 4 });
  });

  test('of days that lost their hours are rebuilt from the rows', async () => {
    const store = await stores.open();
    await store.append([callGroup(callRow({ timestamp: NOON }), callRow({ timestamp: NOON + 3_600_000 }))]);
    await raiseHorizons(
      store.query,
      { projectId: 'default', dataset: llmCalls },
      horizonsOf(llmCalls, ['MINUTE', 'HOUR'], MIDNIGHT + DAY_MS),
    );
    await store.query.deleteFrom('rollup_cells').execute();
    await rebuildRollups(store, llmCalls);
    expect(await countCalls(store)).toEqual({ rows: 2, rolledUp: 2 });
  });

  test('of an added set begin where the rows begin', async () => {
    const store = await stores.open();
    const before = withRollups(llmCalls, []);
    const after = withRollups(llmCalls, [], ['origin']);
    await bringInLine(store, [before]);
    await store.append([callGroup(callRow({ timestamp: NOON - DAY_MS }), callRow({ timestamp: NOON }))]);
    await raiseHorizons(store.query, { projectId: 'default', dataset: llmCalls }, [
      { source: 'RAW', instant: MIDNIGHT },
    ]);
    await removeRows(store, MIDNIGHT);
    expect(await bringInLine(store, [after])).toEqual(['llmCalls']);
    const { cells } = await readHorizons(store.query, 'default', llmCalls);
    expect(Object.fromEntries(cells)).toEqual({
      'MINUTE origin': MIDNIGHT,
      'HOUR origin': MIDNIGHT,
      'DAY origin': MIDNIGHT,
    });
    expect(await countCalls(store)).toEqual({ rows: 1, rolledUp: 2 });
  });

  test('that can no longer be read are kept if their rows are gone, and the server refuses to start', async () => {
    const store = await stores.open();
    const before = withRollups(llmCalls, []);
    await ensureRollups(store, [{ ...before, measures: before.measures.slice(0, 1), histogramMeasures: [] }]);
    await store.query
      .updateTable('rollup_layouts')
      .set({ layout: JSON.stringify({ ...layoutOf(before), measures: ['gone'] }) })
      .execute();
    await store.append([callGroup(callRow({ timestamp: NOON }))]);
    await raiseHorizons(store.query, { projectId: 'default', dataset: llmCalls }, [
      { source: 'RAW', instant: MIDNIGHT },
    ]);
    const { rolledUp } = await countCalls(store);
    await expect(ensureRollups(store, [before])).rejects.toThrow(
      /llmCalls .* rows before 2026-11-20T00:00:00/,
    );
    expect(await countCalls(store)).toEqual({ rows: 1, rolledUp });
  });
});

const horizonsOf = ({ rollups }: Dataset, sources: readonly RollupGrain[], instant: number): Horizon[] =>
  rollups.flatMap((set) =>
    sources.map((source) => ({ source, dimensionSet: dimensionSetName(set), instant })),
  );

async function removeRows(store: Store, before: number): Promise<void> {
  await store.query.deleteFrom(llmCalls.table).where('timestamp', '<', new Date(before)).execute();
}
