import { visibleRows } from '../../access/visible-rows.ts';
import type { Analytics } from '../../analytics/analytics.ts';
import type { Source } from '../../analytics/spec.ts';
import { both } from '../../core/build-filter.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { type CalendarUnit, rangeBefore } from '../../core/time/calendar-range.ts';
import { type Interval, previousRange } from '../../core/time/range.ts';
import { readFilter } from '../../filter/read-filter.ts';
import type { ObjectType } from '../builder.ts';
import { costs } from '../limits/field-cost.ts';
import { filterInput } from '../lists/filter.ts';
import { readsRowsOf } from '../read-scopes.ts';
import { selectionOf } from '../selection.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { type Analysis, startAnalysis } from './analysis.ts';
import { costOfAnalysis, costOfGroups } from './analytics-cost.ts';
import { ARCHIVE, archiveOf } from './archive-argument.ts';
import { calendarUnit } from './calendar.ts';
import { addDistinct } from './distinct.ts';
import { addDistributions } from './distribution.ts';
import { addGroups } from './groups.ts';
import { addSeries } from './series.ts';
import { analyticsSource, answered, sourceBeside, sourceOf } from './source.ts';
import { statsType, wantedMeasures } from './stats.ts';
import { readTimeRange, type TimeRangeInput, timeRange, timeRangeInput } from './time-range.ts';
import { addUsers } from './users.ts';

/** Adds the analytics of a dataset: `llmCallAnalytics(range, filter)`. */
export function addAnalyticsQuery(types: TypeRegistry, dataset: Dataset): void {
  const type = analyticsType(types, dataset);
  types.builder.queryField(dataset.fields.analytics, (t) =>
    t.field({
      authScopes: readsRowsOf(dataset),
      type,
      description: `Analytics of the ${dataset.name} in a time range that match a filter.`,
      args: {
        range: t.arg({ type: timeRangeInput(types), required: true, description: 'The time range.' }),
        filter: t.arg({
          type: filterInput(types, dataset),
          description: 'Only events that match this filter. Default: all.',
        }),
        archive: t.arg.boolean(ARCHIVE),
      },
      extensions: costs(({ args, info, now, caller }) => {
        const { scope, timeZone } = toAnalysis(dataset, args, { projectId: '', now });
        const filter = both(visibleRows(caller, dataset), scope.filter);
        return costOfAnalysis(startAnalysis({ ...scope, filter }, timeZone), info);
      }),
      resolve: (_root, args, { projectId, services }): Analysis =>
        toAnalysis(dataset, args, { projectId, now: services.clock.now() }),
    }),
  );
}

interface AnalysisArguments {
  readonly range: TimeRangeInput;
  readonly filter?: Record<string, unknown> | null | undefined;
  readonly archive?: boolean | null | undefined;
}

/** @throws InvalidArgument at the invalid argument. */
function toAnalysis(
  dataset: Dataset,
  { range, filter, archive }: AnalysisArguments,
  { projectId, now }: { readonly projectId: string; readonly now: number },
): Analysis {
  const scope = {
    dataset,
    projectId,
    range: readTimeRange(range, now),
    filter: readFilter(dataset, filter),
    ...archiveOf(archive),
  };
  return startAnalysis(scope, range.timeZone ?? 'UTC');
}

/** `<Entity>Analytics`. */
export function analyticsType(types: TypeRegistry, dataset: Dataset): ObjectType<Analysis> {
  const name = `${dataset.entity}Analytics`;
  return types.once(name, (builder) => implementAnalytics(types, dataset, builder.objectRef<Analysis>(name)));
}

function implementAnalytics(
  types: TypeRegistry,
  dataset: Dataset,
  type: ReturnType<typeof types.builder.objectRef<Analysis>>,
): ObjectType<Analysis> {
  addTotals(types, dataset, type);
  addGroups(types, dataset, type);
  addSeries(types, dataset, type);
  addDistinct(types, dataset, type);
  addDistributions(types, dataset, type);
  addUsers(types, dataset, type);
  return type.implement({
    description: `Analytics of ${dataset.name}. Only selected dimensions, measures and quantiles are computed.`,
    fields: (t) => ({
      range: t.field({
        type: timeRange(types),
        description:
          'The range that the numbers beside this field cover: the requested range, unless ' +
          'part of it has expired. If the fields beside it cover different ranges, this range ' +
          'spans all of them; `source` says what is missing.',
        resolve: (analysis, _args, { services }) => answeredRange(analysis, services.analytics),
      }),
      previous: t.field({
        type,
        description:
          'The same analytics over an earlier range: the range of the same length just before, ' +
          'or, with `by`, the range one calendar period earlier. For a month, `by: MONTH` ' +
          'selects the month before, and `by: YEAR` the same month of the year before.',
        args: {
          by: t.arg({ type: calendarUnit(types), description: 'Default: the length of the range.' }),
          timeZone: t.arg({
            type: 'TimeZone',
            description:
              'The time zone of the calendar that `by` uses. Default: the time zone of the ' +
              'range, otherwise UTC.',
          }),
        },
        extensions: costs<Analysis>(({ args, from, info }) => costOfAnalysis(previousOf(from, args), info)),
        resolve: previousOf,
      }),
      source: t.field({
        type: analyticsSource(types),
        description: 'The source of the answers beside this field.',
        resolve: (analysis, _args, { services }) => readSource(analysis, services.analytics),
      }),
    }),
  });
}

interface PreviousArguments {
  readonly by?: CalendarUnit | null | undefined;
  readonly timeZone?: string | null | undefined;
}

function previousOf({ scope, timeZone }: Analysis, { by, timeZone: asked }: PreviousArguments): Analysis {
  const zone = asked ?? timeZone;
  const range =
    by == null
      ? previousRange(scope.range)
      : { ...scope.range, ...rangeBefore(scope.range, { unit: by, timeZone: zone }) };
  return startAnalysis({ ...scope, range }, zone);
}

function addTotals(types: TypeRegistry, dataset: Dataset, type: ObjectType<Analysis>): void {
  types.builder.objectField(type, 'totals', (t) =>
    t.field({
      type: statsType(types, dataset),
      description: 'Statistics of all events together.',
      extensions: costs<Analysis>(({ from: { scope }, info }) => {
        const measures = wantedMeasures(dataset, selectionOf(info));
        return { rows: costOfGroups({ ...scope, dimensions: [], measures, groups: 1 }), whole: true };
      }),
      resolve: (analysis, _args, { services }, info) => {
        const measures = wantedMeasures(dataset, selectionOf(info));
        return answered(analysis.answers, services.analytics.totals(analysis.scope, measures));
      },
    }),
  );
}

/** The range that the answers beside `range` cover (see `readSource`). */
export async function answeredRange(
  analysis: Analysis,
  analytics: Pick<Analytics, 'totals'>,
): Promise<Interval> {
  // The field that requested the answer reports the failure, and so does `source`.
  const source = await readSource(analysis, analytics).catch(() => null);
  return source?.range ?? analysis.scope.range;
}

/**
 * The source of the answers beside `source` and `range`. If no other field is selected, the source
 * of the count of all events.
 */
async function readSource(analysis: Analysis, analytics: Pick<Analytics, 'totals'>): Promise<Source> {
  const source = await sourceBeside(analysis.answers);
  if (source !== null) return source;
  // If both `source` and `range` are selected, the first one requests the count for both.
  if (analysis.answers.length === 0) analysis.answers.push(analytics.totals(analysis.scope, []));
  return sourceOf(analysis.answers);
}
