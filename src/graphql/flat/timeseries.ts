import { MAX_SERIES } from '../../analytics/create-analytics.ts';
import type { SeriesOptions } from '../../analytics/spec.ts';
import { checkBetween } from '../../core/check-between.ts';
import { InvalidArgument } from '../../core/errors.ts';
import { chooseGrain } from '../../core/time/grain.ts';
import type { Interval } from '../../core/time/range.ts';
import { costOfSeries } from '../analytics/analytics-cost.ts';
import { costs } from '../limits/field-cost.ts';
import { inPortions } from '../limits/in-portions.ts';
import { readsRowsOf } from '../read-scopes.ts';
import type { TypeRegistry } from '../type-registry.ts';
import {
  type FlatArguments,
  type FlatQuestion,
  flatArgs,
  namesOf,
  readQuestion,
  visibleTo,
  wantedOf,
} from './flat-question.ts';
import { timeseriesPoint, toPoints } from './timeseries-points.ts';

const DEFAULT_TOP = 10;
/** A series has at most 1,000 points. A clock change may add one. */
const MAX_POINTS = 999;
const DEFAULT_POINTS = 300;
/** The approximate time that the fields of one point take. */
const MICROSECONDS_PER_POINT = 10;

/** Adds `timeseries`. */
export function addTimeseries(types: TypeRegistry): void {
  const { datasets } = types;
  types.builder.queryField('timeseries', (t) =>
    t.field({
      // The arguments decide which dataset is read, so the analytics of a read token check it.
      authScopes: readsRowsOf(),
      type: [timeseriesPoint(types)],
      description:
        'Numbers over time as flat rows: one per time bucket, series and measure, oldest first. ' +
        'Buckets without events have rows too, in which counts and sums are 0 and unknown numbers ' +
        'are null. Made for charts and alerts in dashboards such as Grafana. If data has expired, ' +
        '`extensions.kept` of the response says what the numbers cover. `{ timeseries(dataset: ' +
        'llmCalls, from: 1764000000000, to: 1764086400000, measures: ["cost"], groupBy: ["model"], ' +
        'top: 5) { time series value } }`',
      args: {
        ...flatArgs(types),
        intervalMs: t.arg.float({
          description:
            'The minimum width of a bucket, in milliseconds: the shortest `TimeGrain` of at least ' +
            'this width is used. Default: as `maxDataPoints` allows.',
        }),
        maxDataPoints: t.arg.int({
          description:
            'Maximum number of points per series: if there would be more, the buckets become ' +
            `wider. At most ${MAX_POINTS}; larger numbers count as ${MAX_POINTS}. Default: 300, or ` +
            `${MAX_POINTS} with \`intervalMs\`.`,
        }),
        timeZone: t.arg({
          type: 'TimeZone',
          defaultValue: 'UTC',
          description: 'The time zone whose calendar the buckets follow.',
        }),
        top: t.arg.int({
          defaultValue: DEFAULT_TOP,
          description:
            `Maximum number of series, 1 to ${MAX_SERIES}: the first by \`orderBy\` over the whole range. ` +
            'Everything else is one more series, "other", computed from the events themselves.',
        }),
      },
      extensions: costs(({ args, caller }) => {
        const question = readQuestion(args, { datasets, projectId: '' });
        const { orderBy } = question;
        const options = optionsOf(question, args);
        const scope = visibleTo(question.scope, caller);
        // The rest is one more series.
        const groups = options.dimensions.length === 0 ? 1 : options.top + 1;
        const measures = wantedOf(question);
        return { rows: costOfSeries({ ...scope, ...options, measures, groups, orderBy }), whole: true };
      }),
      resolve: async (_root, args, context) => {
        const question = readQuestion(args, { datasets, projectId: context.projectId });
        const { analytics } = context.services;
        const options = optionsOf(question, args);
        const { value } = await analytics.series(question.scope, wantedOf(question), options);
        return inPortions(context, toPoints(question, value), MICROSECONDS_PER_POINT);
      },
    }),
  );
}

interface TimeseriesArguments extends FlatArguments, WantedPoints {
  readonly timeZone?: string | null | undefined;
  readonly top?: number | null | undefined;
}

interface WantedPoints {
  readonly intervalMs?: number | null | undefined;
  readonly maxDataPoints?: number | null | undefined;
}

/** An explicit null means the default. */
function optionsOf(question: FlatQuestion, args: TimeseriesArguments): SeriesOptions {
  return {
    grain: grainOf(question.scope.range, args),
    timeZone: args.timeZone ?? 'UTC',
    dimensions: namesOf(question),
    top: checkBetween(args.top ?? DEFAULT_TOP, MAX_SERIES, 'top'),
    orderBy: question.orderBy,
    fill: 'ZERO',
  };
}

/** @throws InvalidArgument at `intervalMs` or `maxDataPoints` unless they are above 0. */
function grainOf(range: Interval, { intervalMs, maxDataPoints }: WantedPoints) {
  checkPositive(intervalMs, 'intervalMs');
  checkPositive(maxDataPoints, 'maxDataPoints');
  const most = maxDataPoints ?? (intervalMs == null ? DEFAULT_POINTS : MAX_POINTS);
  return chooseGrain(range, Math.min(most, MAX_POINTS), intervalMs ?? 0);
}

function checkPositive(value: number | null | undefined, argument: string): void {
  if (value == null || value > 0) return;
  throw new InvalidArgument(`\`${argument}\` must be above 0, not ${value}.`, argument);
}
