import type { GraphQLResolveInfo } from 'graphql';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { previousRange } from '../../core/time/range.ts';
import type { Answer, Scope, SeriesOptions } from '../../query/spec.ts';
import { analyticsSource, mergeSources } from '../analytics/source.ts';
import { seriesFill, timeGrain } from '../analytics/time-grain.ts';
import { readTimeRange, timeRange, timeRangeInput } from '../analytics/time-range.ts';
import type { ObjectType } from '../builder.ts';
import { type Selection, selectionOf, subselection } from '../selection.ts';
import { groupType, seriesType } from './analytics-types.ts';
import { filterInput, readFilter } from './filter.ts';
import { groupOrderInput, readGroupOrder } from './group-order.ts';
import type { Parts } from './parts.ts';
import { statsType, wantedMeasures } from './stats.ts';

const DEFAULT_GROUPS = 100;
const DEFAULT_TOP = 10;

/** A question that is being answered: the scope, and the answers that its fields have asked for so far. */
interface Analysis {
  readonly scope: Scope;
  readonly answers: Promise<Answer<unknown>>[];
}

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
        startAnalysis({
          dataset,
          projectId,
          range: readTimeRange(range, services.clock.now()),
          filter: readFilter(dataset, filter),
        }),
    }),
  );
}

function startAnalysis(scope: Scope): Analysis {
  return { scope, answers: [] };
}

/** Keeps the answer for `source`, and gives its value. */
async function answered<Value>({ answers }: Analysis, answer: Promise<Answer<Value>>): Promise<Value> {
  answers.push(answer);
  return (await answer).value;
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
        description: 'The same over the range of the same length just before.',
        resolve: ({ scope }) => startAnalysis({ ...scope, range: previousRange(scope.range) }),
      }),
      source: t.field({
        type: analyticsSource(parts),
        description: 'Where the answers beside this field came from.',
        resolve: (analysis, _args, { services }) => resolveSource(analysis, () => services.analytics.totals(analysis.scope, [])),
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
        return answered(analysis, services.analytics.totals(analysis.scope, measures)) as never;
      },
    }),
  );
}

function addGroups(parts: Parts, dataset: Dataset, type: ObjectType<Analysis>): void {
  parts.builder.objectField(type, 'groups', (t) =>
    t.field({
      type: [groupType(parts, dataset)],
      description: 'Statistics per value of the dimensions that you select, the largest groups first.',
      args: {
        orderBy: t.arg({ type: groupOrderInput(parts, dataset), description: 'Default: most events first.' }),
        first: t.arg.int({
          defaultValue: DEFAULT_GROUPS,
          description: 'How many groups, 1 to 1,000. The rest is left out.',
        }),
      },
      resolve: (analysis, args, { services }, info) => {
        const orderBy = readGroupOrder(dataset, args.orderBy);
        const { dimensions, stats } = selectedParts(info, dataset, selectionOf(info), `${dataset.entity}Group`);
        const measures = wantedMeasures(info, dataset, stats);
        const options = { orderBy, first: args.first ?? DEFAULT_GROUPS };
        return answered(analysis, services.analytics.groups(analysis.scope, dimensions, measures, options));
      },
    }),
  );
}

function addSeries(parts: Parts, dataset: Dataset, type: ObjectType<Analysis>): void {
  parts.builder.objectField(type, 'series', (t) =>
    t.field({
      type: [seriesType(parts, dataset)],
      description:
        'Statistics per bucket of time: one series, or one per value of the dimensions that you select, the largest first. ' +
        'At most 1,000 points per series.',
      args: {
        grain: t.arg({ type: timeGrain(parts), defaultValue: 'AUTO', description: 'Width of the buckets.' }),
        timeZone: t.arg({
          type: 'TimeZone',
          defaultValue: 'UTC',
          description: 'Buckets follow the calendar of this zone, daylight saving included.',
        }),
        top: t.arg.int({
          defaultValue: DEFAULT_TOP,
          description: 'How many series, 1 to 50; what is outside is one more series with `other`.',
        }),
        fill: t.arg({ type: seriesFill(parts), defaultValue: 'ZERO', description: 'What to do with empty buckets.' }),
      },
      resolve: (analysis, args, { services }, info) => {
        const selection = selectionOf(info);
        const { dimensions } = selectedParts(info, dataset, selection, `${dataset.entity}Series`);
        const points = subselection(info, selection, `${dataset.entity}Series`, 'points');
        const stats = subselection(info, points, `${dataset.entity}Point`, 'stats');
        const options = { dimensions, ...seriesOptions(args) };
        return answered(
          analysis,
          services.analytics.series(analysis.scope, wantedMeasures(info, dataset, stats), options),
        );
      },
    }),
  );
}

function selectedParts(info: GraphQLResolveInfo, dataset: Dataset, selection: Selection, typeName: string) {
  const selected = subselection(info, selection, typeName, 'dimensions');
  return {
    // In declared order, so that the same question is the same however it is written.
    dimensions: dataset.dimensions.map(({ name }) => name).filter((name) => selected.has(name)),
    stats: subselection(info, selection, typeName, 'stats'),
  };
}

interface SeriesArguments {
  readonly grain?: SeriesOptions['grain'] | null | undefined;
  readonly timeZone?: string | null | undefined;
  readonly top?: number | null | undefined;
  readonly fill?: SeriesOptions['fill'] | null | undefined;
}

/** An explicit null stands for the default. */
function seriesOptions({ grain, timeZone, top, fill }: SeriesArguments): Omit<SeriesOptions, 'dimensions'> {
  return { grain: grain ?? 'AUTO', timeZone: timeZone ?? 'UTC', top: top ?? DEFAULT_TOP, fill: fill ?? 'ZERO' };
}

/**
 * Waits for what the fields beside `source` asked; when it stands alone, for the count of all events.
 * Fields of one object are resolved in one go, so after one turn all of them have asked.
 */
async function resolveSource(analysis: Analysis, askTotals: () => Promise<Answer<unknown>>) {
  await Promise.resolve();
  return mergeSources(analysis.answers.length > 0 ? analysis.answers : [askTotals()]);
}
