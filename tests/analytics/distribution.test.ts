import { expect, it } from 'vitest';
import { createAnalytics } from '../../src/analytics/create-analytics.ts';
import type { DistributionOptions } from '../../src/analytics/distribution-spec.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { useStore } from './support/open-store.ts';
import { llmCall, uuidOf } from './support/sample.ts';

const DAY = 86_400_000;
const FROM = Date.parse('2026-03-05T00:00:00Z');

describeEachDatabase('distributions of what is kept', (database) => {
  const opened = useStore(database);

  it('count the values whose rows are kept, and choose bounds from these alone', async () => {
    const projectId = opened.newProject();
    const latencies = [9_000, 10, 20];
    await opened.append(
      projectId,
      llmCalls,
      latencies.map((latencyMs, day) =>
        llmCall({ id: uuidOf(day), timestamp: FROM + day * DAY + 1, latencyMs }),
      ),
    );
    const ask = (expired: number) => {
      const found = { rows: FROM + expired * DAY, cells: new Map(), making: new Map() };
      const horizons = { known: async () => found, read: async () => found };
      const options: DistributionOptions = {
        ...{ measure: 'latencyMs', buckets: 1, scale: 'LINEAR', from: null, to: null },
        time: { grain: 'DAY', timeZone: 'UTC' },
      };
      const range = { from: FROM, to: FROM + 3 * DAY };
      const scope = { dataset: llmCalls, projectId, range, filter: null };
      return createAnalytics({ store: opened.store, horizons }).distribution(scope, options);
    };
    const { value, source } = await ask(1);
    expect(value.buckets).toEqual([{ from: 10, to: 20 }]);
    expect(value.points.map(({ start, counts }) => [start, counts])).toEqual([
      [FROM + DAY, [1]],
      [FROM + 2 * DAY, [1]],
    ]);
    expect(source).toMatchObject({
      range: { from: FROM + DAY, to: FROM + 3 * DAY },
      missing: [{ from: FROM, to: FROM + DAY }],
    });
    const nothing = await ask(3);
    expect(nothing.value).toEqual({ buckets: [], points: [] });
    expect(nothing.source.missing).toEqual([{ from: FROM, to: FROM + 3 * DAY }]);
  });
});
