import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createAnalytics } from '../../../src/analytics/create-analytics.ts';
import type { SloCounts } from '../../../src/analytics/slos/error-budget.ts';
import type { Slo } from '../../../src/analytics/slos/slo.ts';
import { countSlo, countSloOverTime, type SloScope } from '../../../src/analytics/slos/slo-counts.ts';
import { countSloInWindows } from '../../../src/analytics/slos/slo-windows.ts';
import type { Row } from '../../../src/core/dataset/row.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { rowsOf, storedRows, windows } from '../support/events.ts';
import { filtersOver } from '../support/filters.ts';
import { rowsInScope, statsOf } from '../support/naive.ts';
import { useStore } from '../support/open-store.ts';

const dataset = llmCalls;
/** Some dimensions that cells contain, and some that only rows have. */
const TESTED = ['provider', 'model', 'success', 'latencyMs', 'cost'];

const runs = windows.chain((window) => {
  const columns = dataset.columns.filter(({ name }) => TESTED.includes(name));
  const filters = fc.option(filtersOver(columns, window), { nil: null });
  return fc.record({
    rows: fc.array(rowsOf(dataset, window), { minLength: 1, maxLength: 30, size: 'max' }),
    window: fc.constant(window),
    slos: fc.array(fc.record({ filter: filters, good: filters }), { minLength: 2, maxLength: 2 }),
  });
});

/** The result for rows in memory: the rows that count, and the good ones among them. */
function naive({ projectId, slo, range }: SloScope, rows: readonly Row[]): SloCounts {
  const all = rowsInScope({ dataset, projectId, range, filter: slo.filter }, rows);
  const good =
    slo.good === null
      ? statsOf(dataset, all).successCount
      : rowsInScope({ dataset, projectId, range, filter: slo.good }, all).length;
  return { events: all.length, good: Number(good) };
}

describeEachDatabase('the events of an SLO', (database) => {
  const opened = useStore(database);

  it('equal those of naive computation: in a range, per bucket, in sliding windows', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async ({ rows, window, slos }) => {
        const projectId = opened.newProject();
        await opened.append(projectId, dataset, rows);
        const stored = storedRows(dataset, rows);
        const analytics = createAnalytics({ store: opened.store });
        const length = window.to - window.from;
        for (const { filter, good } of slos) {
          const slo: Slo = { sloId: 's', dataset, filter, good, objective: 0.99, windowMs: length };
          const asked = { projectId, slo, range: window };
          const whole = await countSlo(analytics, asked);
          expect(whole.value).toEqual(naive(asked, stored));

          const series = await countSloOverTime(analytics, asked, { grain: 'AUTO', timeZone: 'UTC' });
          for (const { start, end, ...counts } of series.value) {
            const range = { from: Math.max(start, window.from), to: Math.min(end, window.to) };
            if (counts.events > 0) expect(counts).toEqual(naive({ ...asked, range }, stored));
          }
          const events = series.value.reduce((sum, bucket) => sum + bucket.events, 0);
          expect(events).toBe(whole.value?.events);

          const sliding = { width: Math.floor(length / 4), step: Math.floor(length / 20) };
          const { value } = await countSloInWindows(analytics, asked, sliding);
          expect(value.size).toBe(Math.floor(length / sliding.step));
          for (const [to, counts] of value) {
            expect(counts).toEqual(naive({ ...asked, range: { from: to - sliding.width, to } }, stored));
          }
        }
      }),
      { numRuns: 8 },
    );
  }, 60_000);
});
