import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Row } from '../../src/core/dataset/row.ts';
import { correctedValues } from '../../src/costs/changed-costs.ts';
import { noteCorrection, writeCalls } from '../../src/costs/correct-calls.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { datasets } from '../../src/declarations/registry.ts';
import type { RebuildStore } from '../../src/rollups/make-cells.ts';
import { rebuildDay } from '../../src/rollups/rebuild.ts';
import { verifyRollups } from '../../src/rollups/verify.ts';
import { createStore } from '../../src/storage/create-store.ts';
import { raiseHorizons } from '../../src/storage/horizons.ts';
import type { Store } from '../../src/storage/store.ts';
import { callGroup, callRow, NOON } from '../storage/support/calls.ts';
import { useStores } from '../storage/support/stores.ts';
import { notOnCitus } from '../support/citus.ts';
import { describeEachDatabase } from '../support/databases.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY = { dataset: llmCalls, projectId: 'default', from: NOON - 12 * HOUR_MS, to: NOON + 12 * HOUR_MS };

/** Few minutes and few names, so that events share cells. */
const call: fc.Arbitrary<Row> = fc
  .record({
    timestamp: fc.integer({ min: 0, max: 5 }).map((minute) => NOON + minute * 23 * MINUTE_MS),
    provider: fc.constantFrom('openai', 'anthropic'),
    model: fc.constantFrom('gpt-4o', 'a,"b'),
    success: fc.boolean(),
    cost: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
    latencyMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
  })
  .map((values) => callRow({ id: randomUUID(), ...values }));

const calls = (most: number) => fc.array(call, { minLength: 1, maxLength: most });

describeEachDatabase('cells that are made while events are recorded', (database) => {
  const stores = useStores(database);
  let store: Store;
  /** On PostgreSQL, another instance with its own writer slot. */
  let other: Store;
  beforeAll(async () => {
    const url = await stores.createUrl();
    store = await createStore({ url, datasets });
    other = await createStore({ url, datasets });
  });
  afterAll(() => Promise.all([store.close(), other.close()]));
  beforeEach(clear);

  async function clear(): Promise<void> {
    const tables = [llmCalls.table, 'rollup_cells', 'retention_horizons', 'row_corrections', 'projects'];
    for (const table of tables) await store.query.deleteFrom(table).execute();
  }

  const damage = () => store.query.updateTable('rollup_cells').set({ row_count: 99 }).execute();
  const problems = async () => (await verifyRollups(store, llmCalls)).differences;

  /** Rebuilds the day; `meanwhile` runs after each read and before each write. */
  async function rebuild(meanwhile: (time: number) => Promise<unknown>): Promise<number> {
    let times = 0;
    const between: RebuildStore = {
      ...store,
      async exclusively(work) {
        await meanwhile(times++);
        return store.exclusively(work);
      },
    };
    for await (const _step of rebuildDay(between, DAY));
    return times;
  }

  test('are right, no matter what arrives between their reads and their writes', async () => {
    await fc.assert(
      fc.asyncProperty(calls(30), fc.array(calls(6), { minLength: 2, maxLength: 6 }), async (rows, late) => {
        await clear();
        await store.append([callGroup(...rows)]);
        await damage();
        const writes = await rebuild(async (time) => {
          const more = late[time % late.length] ?? [];
          // The same events are also sent again, and then none of them is new.
          await (time % 2 === 0 ? store : other).append([callGroup(...more), callGroup(...rows.slice(0, 2))]);
        });
        expect(writes).toBeGreaterThan(1);
        expect(await problems()).toEqual([]);
      }),
      { numRuns: 6 },
    );
  });

  test.skipIf(notOnCitus('ONE_MOMENT'))(
    'are replaced in short transactions, and only where they differ',
    async () => {
      const rows = Array.from({ length: 120 }, (_, index) => {
        const timestamp = NOON + Math.floor(index / 2) * MINUTE_MS;
        return callRow({ timestamp, provider: `p${index}`, service: `s${index}` });
      });
      await store.append([callGroup(...rows)]);
      expect(await rebuild(async () => {})).toBe(0);
      await store.query.deleteFrom('rollup_cells').where('grain', '=', 'MINUTE').execute();
      await store.query
        .updateTable('rollup_cells')
        .set({ writer: 7, dimension_key: '["nobody"]' })
        .where('grain', '=', 'DAY')
        .where('dimension_set', '=', 'provider')
        .where('dimension_key', '=', '["p7"]')
        .execute();
      expect(await rebuild(async () => {})).toBe(3);
      expect(await problems()).toEqual([]);
    },
  );

  test('are rebuilt when calls are corrected meanwhile', async () => {
    const rows = [callRow(), callRow({ timestamp: NOON + MINUTE_MS, cost: null })];
    await store.append([callGroup(...rows)]);
    await damage();
    await rebuild(async (time) => {
      if (time > 0) return;
      const changed = rows.map((row) =>
        correctedValues(row.map((value, index) => (index === llmCalls.at.cost ? 7 : value))),
      );
      await other.exclusively(async (transaction) => {
        await writeCalls(store, transaction, { projectId: 'default', changed });
        const times = { first: NOON, last: NOON + MINUTE_MS };
        await noteCorrection(transaction, { id: randomUUID(), projectId: 'default', ...times });
      });
    });
    expect(await problems()).toEqual([]);
  });

  test('do not change once retention has begun to remove the events of the day', async () => {
    await store.append([callGroup(callRow(), callRow({ timestamp: NOON + MINUTE_MS }))]);
    await damage();
    await rebuild(() =>
      other.exclusively((transaction) =>
        raiseHorizons(transaction, { projectId: 'default', dataset: llmCalls }, [
          { source: 'RAW', instant: DAY.to },
        ]),
      ),
    );
    const cells = await store.query.selectFrom('rollup_cells').select('row_count').distinct().execute();
    expect(cells).toEqual([{ row_count: 99 }]);
  });

  test('do not return after their project was removed, and belong to its successor', async () => {
    const rows = [callRow(), callRow({ timestamp: NOON + MINUTE_MS })];
    const remove = async () => {
      for (const table of [llmCalls.table, 'rollup_cells']) await other.query.deleteFrom(table).execute();
    };
    await store.append([callGroup(...rows)]);
    await damage();
    await rebuild(async (time) => {
      if (time > 0) return;
      await remove();
      await other.query.insertInto('project_removals').values({ project_id: 'default' }).execute();
      await store.append([callGroup(callRow({ cost: 1 }))]);
    });
    expect(await problems()).toEqual([]);

    await damage();
    const time = new Date(NOON);
    const project = { projectId: 'default', name: 'shop', createdAt: time, updatedAt: time };
    await store.prisma.project.create({ data: { ...project, deletingAt: time } });
    await rebuild(remove);
    expect(await store.query.selectFrom('rollup_cells').select('row_count').execute()).toEqual([]);
  });
});
