import type { Dataset } from '../../core/dataset/dataset.ts';
import { rangeBefore } from '../../core/time/calendar-range.ts';
import { previousRange } from '../../core/time/range.ts';
import type { Answer } from '../../query/spec.ts';
import { calendarUnit } from '../analytics/calendar.ts';
import { analyticsSource, mergeSources } from '../analytics/source.ts';
import { readTimeRange, timeRange, timeRangeInput } from '../analytics/time-range.ts';
import type { ObjectType } from '../builder.ts';
import { selectionOf } from '../selection.ts';
import { type Analysis, answered, startAnalysis } from './analysis.ts';
import { filterInput, readFilter } from './filter.ts';
import { addGroups } from './groups.ts';
import type { Parts } from './parts.ts';
import { addSeries } from './series.ts';
import { statsType, wantedMeasures } from './stats.ts';

/** Adds the analytics of a dataset: `llmCallAnalytics(range, filter)`. */
export function addAnalyticsQuery(parts: Parts, dataset: Dataset): void {
  const type = analyticsType(parts, dataset);
  parts.builder.queryField(dataset.fields.analytics, (t) =>
    t.field({
      type,
      description: `Analytics of ${dataset.name} over one range of time and one filter.`,
      args: {
        range: t.arg({ type: timeRangeInput(parts), required: true, description: 'From when to when.' }),
        filter: t.arg({ type: filterInput(parts, dataset), description: 'Which events; default: all.' }),
      },
      resolve: (_root, { range, filter }, { projectId, services }): Analysis =>
        startAnalysis(
          {
            dataset,
            projectId,
            range: readTimeRange(range, services.clock.now()),
            filter: readFilter(dataset, filter),
          },
          range.timeZone ?? 'UTC',
        ),
    }),
  );
}

function analyticsType(parts: Parts, dataset: Dataset) {
  const name = `${dataset.entity}Analytics`;
  const type = parts.builder.objectRef<Analysis>(name);
  addTotals(parts, dataset, type);
  addGroups(parts, dataset, type);
  addSeries(parts, dataset, type);
  return type.implement({
    description: `Analytics of ${dataset.name}. Only the dimensions, measures and quantiles that are selected are computed.`,
    fields: (t) => ({
      range: t.field({
        type: timeRange(parts),
        description: 'The range that the numbers are about.',
        resolve: ({ scope }) => scope.range,
      }),
      previous: t.field({
        type,
        description:
          'The same over an earlier range: of the same length just before, or, with `by`, one period of the calendar earlier. Of a ' +
          'month, `by: MONTH` is the month before, and `by: YEAR` the same month of the year before.',
        args: {
          by: t.arg({ type: calendarUnit(parts), description: 'Default: by the length of the range.' }),
          timeZone: t.arg({
            type: 'TimeZone',
            description: 'Whose calendar `by` follows. Default: that of the range, else UTC.',
          }),
        },
        resolve: ({ scope, timeZone }, args) => {
          const zone = args.timeZone ?? timeZone;
          const range =
            args.by == null ? previousRange(scope.range) : rangeBefore(scope.range, args.by, zone);
          return startAnalysis({ ...scope, range }, zone);
        },
      }),
      source: t.field({
        type: analyticsSource(parts),
        description: 'Where the answers beside this field came from.',
        resolve: (analysis, _args, { services }) =>
          resolveSource(analysis, () => services.analytics.totals(analysis.scope, [])),
      }),
    }),
  });
}

function addTotals(parts: Parts, dataset: Dataset, type: ObjectType<Analysis>): void {
  parts.builder.objectField(type, 'totals', (t) =>
    t.field({
      type: statsType(parts, dataset),
      description: 'Statistics of all the events together.',
      resolve: (analysis, _args, { services }, info) => {
        const measures = wantedMeasures(info, dataset, selectionOf(info));
        return answered(analysis, services.analytics.totals(analysis.scope, measures));
      },
    }),
  );
}

/**
 * Waits for what the fields beside `source` asked; when it stands alone, for the count of all events.
 * Fields of one object are resolved in one go, so after one turn all of them have asked.
 */
async function resolveSource(analysis: Analysis, askTotals: () => Promise<Answer<unknown>>) {
  await Promise.resolve();
  return mergeSources(analysis.answers.length > 0 ? analysis.answers : [askTotals()]);
}
