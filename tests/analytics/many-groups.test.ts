import type { KyselyPlugin } from 'kysely';
import { expect, it } from 'vitest';
import { createAnalytics } from '../../src/analytics/create-analytics.ts';
import type { Scope } from '../../src/analytics/spec.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { useStore } from './support/open-store.ts';
import { llmCall, uuidOf } from './support/sample.ts';

const FROM = Date.parse('2026-03-05T00:00:00Z');
const SCOPE: Scope = {
  dataset: llmCalls,
  projectId: 'many',
  range: { from: FROM, to: Date.parse('2026-03-06T00:00:00Z') },
  filter: null,
};

describeEachDatabase('analytics by a dimension with many values', (database) => {
  const opened = useStore(database);

  it('loads no more groups into the process than were requested', async () => {
    const rows = Array.from({ length: 400 }, (_, index) =>
      llmCall({
        id: uuidOf(index),
        timestamp: FROM + index,
        finishReason: `reason-${Math.floor(Math.sqrt(index))}`,
      }),
    );
    await opened.append('many', llmCalls, rows);
    let most = 0;
    const plugin: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        most = Math.max(most, result.rows.length);
        return result;
      },
    };
    const { query, ...store } = opened.store;
    const analytics = createAnalytics({ store: { ...store, query: query.withPlugin(plugin) } });
    const { value, source } = await analytics.groups(SCOPE, [], {
      dimensions: ['finishReason'],
      orderBy: { by: 'count', direction: 'desc' },
      first: 3,
    });
    expect(value.map(({ dimensions, stats }) => [dimensions.finishReason, stats.rowCount])).toEqual([
      ['reason-19', 39],
      ['reason-18', 37],
      ['reason-17', 35],
    ]);
    expect(source.rowsRead).toBe(400);
    const options = {
      grain: 'HOUR',
      timeZone: 'UTC',
      dimensions: ['finishReason'],
      top: 2,
      fill: 'ZERO',
    } as const;
    const { value: series } = await analytics.series(SCOPE, [], options);
    expect(series.map(({ points }) => points[0]?.stats.rowCount)).toEqual([39, 37, 324]);
    expect(most).toBe(3);
  });
});
