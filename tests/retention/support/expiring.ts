import type { Analytics } from '../../../src/analytics/analytics.ts';
import { createAnalytics } from '../../../src/analytics/create-analytics.ts';
import type { Row } from '../../../src/core/dataset/row.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import { createRetention, type Retention, type RetentionOptions } from '../../../src/retention/retention.ts';
import { createHorizonReader } from '../../../src/storage/horizons.ts';
import type { Store } from '../../../src/storage/store.ts';
import { callRow, NOON, type Values } from '../../storage/support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';

export const DAY_MS = 86_400_000;
/** Midnight of the day of the tests, whose current time is noon. */
export const TODAY = NOON - DAY_MS / 2;

/** A call at noon this many days ago, received at the same time. */
export const daysAgo = (days: number, values: Values = {}): Row =>
  callRow({ timestamp: NOON - days * DAY_MS, receivedAt: NOON - days * DAY_MS, ...values });

/** A call from this many days ago that arrived today. */
export const lateBy = (days: number): Row => daysAgo(days, { receivedAt: NOON });

/** Retention of `llmCalls` with the defaults: rows 90 days, minutes 7, hours 400, days forever. */
export function retentionOf(store: Store, options: Partial<RetentionOptions> = {}): Retention {
  const clock = createTestClock(NOON);
  return createRetention({ store, clock, datasets: [llmCalls], retentionDays: null, ...options });
}

export const analyticsOf = (store: Store): Analytics =>
  createAnalytics({ store, horizons: createHorizonReader(store.query) });

/**
 * Count, cost and the source of an answer over whole days, from one number of days ago to the end
 * of another day.
 */
export async function totalsOf(analytics: Analytics, from: number, to: number, projectId = 'default') {
  const range = { from: TODAY - from * DAY_MS, to: TODAY - (to - 1) * DAY_MS };
  const scope = { dataset: llmCalls, projectId, range, filter: null };
  const { value, source } = await analytics.totals(scope, [{ measure: 'cost', quantiles: [] }]);
  return { count: value.rowCount, cost: value.measures.get('cost')?.sum, source };
}

/**
 * The number of rows by days before today's noon, and the days of the cells of each grain, newest
 * first.
 */
export async function contentsOf(store: Store, projectId = 'default') {
  const rows: { timestamp: number }[] = await store.query
    .selectFrom(llmCalls.table)
    .select('timestamp')
    .where('project_id', '=', projectId)
    .orderBy('timestamp', 'desc')
    .execute();
  const cells = async (grain: string): Promise<number[]> => {
    const found: { bucket: number }[] = await store.query
      .selectFrom('rollup_cells')
      .select('bucket')
      .distinct()
      .where('project_id', '=', projectId)
      .where('grain', '=', grain)
      .orderBy('bucket', 'desc')
      .execute();
    // Prevents -0 for today.
    return [...new Set(found.map(({ bucket }) => Math.ceil((TODAY - bucket) / DAY_MS) || 0))];
  };
  return {
    rows: rows.map(({ timestamp }) => (NOON - timestamp) / DAY_MS),
    MINUTE: await cells('MINUTE'),
    HOUR: await cells('HOUR'),
    DAY: await cells('DAY'),
  };
}
