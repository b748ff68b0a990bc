import { afterEach, expect, test } from 'vitest';
import { createProjectRemoval } from '../../src/access/project-removal.ts';
import { createAnalytics } from '../../src/analytics/create-analytics.ts';
import { removeCopy } from '../../src/columns/copy-path.ts';
import { createColumns, type OwnColumns } from '../../src/columns/create-columns.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { createRetention } from '../../src/retention/retention.ts';
import { createHorizonReader } from '../../src/storage/horizons.ts';
import type { Store } from '../../src/storage/store.ts';
import { callGroup, NOON } from '../storage/support/calls.ts';
import { useStores } from '../storage/support/stores.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { createTestClock } from '../support/test-clock.ts';
import { calls } from './support/changes.ts';
import { fileOfCopy } from './support/copies.ts';
import { TEST_SETTINGS } from './support/settings.ts';

const DAY_MS = 86_400_000;
const ROUNDS = 6;
/** Expires when retention runs. */
const EXPIRED = { timestamp: NOON - 100 * DAY_MS, receivedAt: NOON - 100 * DAY_MS };
const RANGE = { from: NOON - 120 * DAY_MS, to: NOON + DAY_MS };

describeEachDatabase('questions by columns while events stream in', (database) => {
  const stores = useStores(database);
  const opened: { readonly columns: OwnColumns; readonly file: string }[] = [];
  afterEach(async () => {
    for (const { columns, file } of opened.splice(0)) {
      await columns.close();
      removeCopy(file);
    }
  });

  async function open() {
    const url = await stores.createUrl();
    const [store, other] = [await stores.open(url), await stores.open(url)];
    const file = fileOfCopy(url);
    const columns = createColumns({
      ...{ databaseUrl: url, file, datasets, store, fromEvents: 0, settings: TEST_SETTINGS },
      onProblem: (problem) => expect.unreachable(problem),
    });
    opened.push({ columns, file });
    const log = { warn: (_: object, message: string) => expect.unreachable(message) };
    const horizons = createHorizonReader(store.query);
    const ask = (sources: 'COLUMNS' | 'RAW') => {
      const analytics = createAnalytics({ store, horizons, columns: { copy: columns, log }, sources });
      const measures = [{ measure: 'latencyMs', quantiles: [0.5] }];
      return (projectId: string) =>
        analytics.totals({ dataset: llmCalls, projectId, range: RANGE, filter: null }, measures);
    };
    const [byColumns, byRows] = [ask('COLUMNS'), ask('RAW')];
    async function count(projectId: string): Promise<number> {
      const { value, source } = await byColumns(projectId);
      expect(source.kind).toBe('COLUMNS');
      return value.rowCount;
    }
    async function expectEqual(projectId: string): Promise<number> {
      expect((await byColumns(projectId)).value).toEqual((await byRows(projectId)).value);
      return count(projectId);
    }
    return { store, other, count, expectEqual };
  }

  /** Stores new events, late ones, and some twice, and sends a query after each append. */
  async function stream(store: Store, projectId: string, count: (projectId: string) => Promise<number>) {
    for (let round = 1; round <= ROUNDS; round++) {
      const events = calls(4, { projectId });
      await store.append([callGroup(...events)]);
      expect(await count(projectId)).toBe(6 * round - 2);
      const late = calls(2, { projectId, timestamp: NOON - round * DAY_MS });
      await store.append([callGroup(...late, ...events)]);
      expect(await count(projectId)).toBe(6 * round);
    }
  }

  test('see everything that was acknowledged before them', async () => {
    const { store, other, count, expectEqual } = await open();
    await Promise.all([stream(store, 'one', count), stream(other, 'two', count)]);
    expect(await expectEqual('one')).toBe(6 * ROUNDS);
    expect(await expectEqual('two')).toBe(6 * ROUNDS);
  });

  test('see nothing that retention or the removal of a project has removed', async () => {
    const { store, other, count, expectEqual } = await open();
    const clock = createTestClock(NOON);
    const add = (events: number, values: object) => store.append([callGroup(...calls(events, values))]);
    async function removeAndComeBack() {
      await add(3, { projectId: 'kept', ...EXPIRED });
      await add(5, { projectId: 'kept' });
      expect(await count('kept')).toBe(8);
      await createRetention({ store, clock, datasets, retentionDays: null }).run();
      expect(await count('kept')).toBe(5);

      await add(7, { projectId: 'shop' });
      expect(await count('shop')).toBe(7);
      const [at, projectId] = [new Date(NOON - DAY_MS), 'shop'];
      const project = { projectId, name: 'Shop', createdAt: at, updatedAt: at, deletingAt: at };
      await store.prisma.project.create({ data: project });
      expect(await createProjectRemoval({ store, clock }).run()).toMatchObject([{ projectId }]);
      expect(await count('shop')).toBe(0);
      await add(2, { projectId: 'shop' });
      expect(await count('shop')).toBe(2);
    }
    await Promise.all([stream(other, 'two', count), removeAndComeBack()]);
    for (const projectId of ['kept', 'shop', 'two']) await expectEqual(projectId);
  });
});
