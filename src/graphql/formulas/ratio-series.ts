import { MAX_SERIES } from '../../analytics/create-analytics.ts';
import {
  type RatioPoint,
  type RatioSeries,
  type RatioSeriesOptions,
  ratioOverTime,
} from '../../analytics/formulas/ratio-series.ts';
import { checkBetween } from '../../core/check-between.ts';
import { answered } from '../analytics/source.ts';
import { timeGrain } from '../analytics/time-grain.ts';
import type { ObjectType } from '../builder.ts';
import { costs } from '../limits/field-cost.ts';
import { inPortions } from '../limits/in-portions.ts';
import type { ListOrderInput } from '../lists/order.ts';
import { type FieldInfo, selectionOf } from '../selection.ts';
import type { TypeRegistry } from '../type-registry.ts';
import type { RatioAnalysis } from './ratio-analysis.ts';
import { costOfRatioSeries } from './ratio-cost.ts';
import { addRatioFields } from './ratio-fields.ts';
import { ratioOrder, readRatioOrder } from './ratio-groups.ts';
import { ratioDimensions, selectedShared } from './shared-dimensions.ts';

const DEFAULT_TOP = 10;
/** The approximate time that the fields of one point take. */
const MICROSECONDS_PER_POINT = 15;

/** Adds `series` to ratios. */
export function addRatioSeries(types: TypeRegistry, type: ObjectType<RatioAnalysis>): void {
  types.builder.objectField(type, 'series', (t) =>
    t.field({
      type: [ratioSeries(types)],
      description:
        'The ratio per time bucket: one series, or one per combination of values of the selected ' +
        'dimensions, in the order of `orderBy`. At most 1,000 points per series.',
      args: {
        grain: t.arg({
          type: timeGrain(types),
          defaultValue: 'AUTO',
          description:
            'The width of the buckets. If one dataset keeps only wider cells for a part of the ' +
            'range, all buckets are as wide as those.',
        }),
        timeZone: t.arg({
          type: 'TimeZone',
          defaultValue: 'UTC',
          description: 'The time zone whose calendar the buckets follow, including daylight saving time.',
        }),
        top: t.arg.int({
          defaultValue: DEFAULT_TOP,
          description: `Maximum number of series, 1 to ${MAX_SERIES}: the first by \`orderBy\`. The rest is omitted.`,
        }),
        orderBy: t.arg({
          type: ratioOrder(types),
          description:
            'The sort order of the series, computed over the whole range. Default: largest numerator first.',
        }),
      },
      extensions: costs<RatioAnalysis>(({ args, from, info }) => ({
        rows: costOfRatioSeries(from.question, optionsOf(from, args, info)),
        whole: true,
      })),
      resolve: (analysis, args, { services }, info) =>
        answered(
          analysis.answers,
          ratioOverTime(services.analytics, analysis.question, optionsOf(analysis, args, info)),
        ),
    }),
  );
}

interface SeriesArguments {
  readonly grain?: RatioSeriesOptions['grain'] | null | undefined;
  readonly timeZone?: string | null | undefined;
  readonly top?: number | null | undefined;
  readonly orderBy?: ListOrderInput<RatioSeriesOptions['orderBy']['by']> | null | undefined;
}

/** An explicit null means the default. */
function optionsOf(
  { question }: RatioAnalysis,
  { grain, timeZone, top, orderBy }: SeriesArguments,
  info: FieldInfo,
): RatioSeriesOptions {
  return {
    grain: grain ?? 'AUTO',
    timeZone: timeZone ?? 'UTC',
    first: checkBetween(top ?? DEFAULT_TOP, MAX_SERIES, 'top'),
    orderBy: readRatioOrder(orderBy),
    dimensions: selectedShared(question, selectionOf(info)),
  };
}

function ratioSeries(types: TypeRegistry): ObjectType<RatioSeries> {
  return types.builder.objectRef<RatioSeries>('RatioSeries').implement({
    description: 'The ratio over time, for one value of the selected dimensions.',
    fields: (t) => ({
      dimensions: t.expose('dimensions', {
        type: ratioDimensions(types),
        description:
          'The values of the series. There is one series per combination of values of the selected dimensions.',
      }),
      points: t.field({
        type: [ratioPoint(types)],
        description: 'The time buckets, oldest first, including those without events.',
        resolve: ({ points }, _args, context) => inPortions(context, points, MICROSECONDS_PER_POINT),
      }),
    }),
  });
}

function ratioPoint(types: TypeRegistry): ObjectType<RatioPoint> {
  const type = types.builder.objectRef<RatioPoint>('RatioPoint');
  addRatioFields(types, type, (point) => point);
  return type.implement({
    description: 'The ratio in one time bucket.',
    fields: (t) => ({
      start: t.expose('start', {
        type: 'DateTime',
        description: 'Start of the bucket. The first bucket starts with the range.',
      }),
      end: t.expose('end', {
        type: 'DateTime',
        description: 'End of the bucket, exclusive. The last bucket ends with the range.',
      }),
    }),
  });
}
