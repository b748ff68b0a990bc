import { checkBetween } from '../core/check-between.ts';
import type { Analytics } from './analytics.ts';
import { answer, toDimensions, toGroups, toSeries, toTotals } from './answers.ts';
import { measuresForOrder } from './group-order.ts';
import { mergeSources } from './merge-sources.ts';
import { cutByDays, stretchesOf } from './occurrences.ts';
import { readPresence } from './presence.ts';
import { readDistribution } from './read-distribution.ts';
import { readEnds } from './read-ends.ts';
import { type AnalyticsOptions, createReader } from './reader.ts';
import { selectSeries } from './select-series.ts';
import { boundsOf, cutSeries } from './series-buckets.ts';

/** Maximum number of groups in an answer. */
export const MAX_GROUPS = 1_000;
/** Maximum number of series in an answer, not counting the one of all others. */
export const MAX_SERIES = 50;

/** The read path: planner, compiler, executor. */
export function createAnalytics(options: AnalyticsOptions): Analytics {
  const { context, whileTheyHold, read, keptRows, windows } = createReader(options);

  return {
    async totals(scope, wanted) {
      const boundaries = [scope.range.from, scope.range.to];
      const spec = { ...scope, dimensions: [], boundaries, measures: wanted };
      const [question, aggregation] = await read(spec, { kind: 'all' });
      return answer(question, aggregation, toTotals(question, aggregation));
    },

    async groups(scope, wanted, options) {
      const { dimensions, orderBy: order, first, atLeast = 1 } = options;
      checkBetween(first, MAX_GROUPS, 'first');
      const measures = measuresForOrder(scope.dataset, wanted, order);
      const spec = { ...scope, dimensions, boundaries: [scope.range.from, scope.range.to], measures };
      const [question, aggregation] = await read(spec, { kind: 'ranked', order, first, atLeast });
      return answer(question, aggregation, toGroups(question, aggregation, { ...options, wanted }));
    },

    async series(scope, wanted, options) {
      checkBetween(options.top, MAX_SERIES, 'top');
      const buckets = cutSeries(scope.range, options.grain, options.timeZone);
      const { dimensions } = options;
      const { selection, ranking } = await selectSeries(read, scope, options);
      const spec = { ...scope, dimensions, boundaries: buckets.boundaries, measures: wanted };
      const [question, aggregation] = await read(spec, selection);
      const bounds = boundsOf(question, buckets);
      const series = await toSeries(question, aggregation, { ...options, ...context, bounds });
      const { value, source } = answer(question, aggregation, series);
      if (ranking === null) return { value, source };
      return { value, source: mergeSources([source, answer(...ranking, null).source]) };
    },

    distribution: (scope, options) => readDistribution({ read, keptRows }, scope, options),
    presence: (scope, dimension, options) => readPresence(read, scope, { ...options, dimension }),

    async occurrences(scope, dimensions, now) {
      const spec = { ...scope, dimensions, boundaries: cutByDays(scope.range, now), measures: [] };
      const [question, aggregation] = await read(spec, { kind: 'all' });
      const groups = aggregation.groups.list().map((group) => ({
        dimensions: toDimensions(dimensions, group.values),
        ...stretchesOf(group, question.spec.boundaries),
      }));
      return answer(question, aggregation, groups);
    },

    ends: (scope, column, wanted) =>
      whileTheyHold(scope, (known) => readEnds(context, { ...scope, column, wanted }, known.rows)),

    keptRows,

    windows,
  };
}
