import type { Distribution, DistributionOptions } from '../../analytics/distribution-spec.ts';
import { MAX_VALUE_BUCKETS } from '../../analytics/read-distribution.ts';
import type { SeriesOptions } from '../../analytics/spec.ts';
import { checkBetween } from '../../core/check-between.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { ObjectType } from '../builder.ts';
import { costs } from '../limits/field-cost.ts';
import type { TypeRegistry } from '../type-registry.ts';
import type { Analysis } from './analysis.ts';
import { costOfDistribution } from './analytics-cost.ts';
import { type Histogram, heatmapType, histogramType, measureEnum, valueScale } from './distribution-types.ts';
import { type MeasureArguments, measureIn } from './named-value.ts';
import { answered } from './source.ts';
import { timeGrain } from './time-grain.ts';

const DEFAULT_BUCKETS = 20;

/** Adds `histogram` and `heatmap` to the analytics of a dataset. */
export function addDistributions(types: TypeRegistry, dataset: Dataset, type: ObjectType<Analysis>): void {
  types.builder.objectField(type, 'histogram', (t) =>
    t.field({
      type: histogramType(types),
      description:
        'The number of values of a measure in each bucket. Counts are exact: they are read from ' +
        'rows or columns.',
      args: valueArguments(types, dataset),
      extensions: costs<Analysis>(({ args, from: { scope } }) => {
        const options = distributionOptions(args);
        return { rows: costOfDistribution(scope, options), whole: true };
      }),
      resolve: async ({ scope, answers }, args, { services }) => {
        const asked = services.analytics.distribution(scope, distributionOptions(args));
        return toHistogram(await answered(answers, asked));
      },
    }),
  );
  types.builder.objectField(type, 'heatmap', (t) =>
    t.field({
      type: heatmapType(types),
      description:
        'A histogram per time bucket, all with the same value buckets: it shows how the ' +
        'distribution of latency or cost changes over time. Counts are exact: they are read from ' +
        'rows or columns.',
      args: {
        ...valueArguments(types, dataset),
        grain: t.arg({ type: timeGrain(types), defaultValue: 'AUTO', description: 'The width in time.' }),
        timeZone: t.arg({
          type: 'TimeZone',
          defaultValue: 'UTC',
          description: 'The time zone whose calendar the time buckets follow.',
        }),
      },
      extensions: costs<Analysis>(({ args, from: { scope } }) => {
        const options = distributionOptions(args, timeOf(args));
        return { rows: costOfDistribution(scope, options), whole: true };
      }),
      resolve: ({ scope, answers }, args, { services }) =>
        answered(answers, services.analytics.distribution(scope, distributionOptions(args, timeOf(args)))),
    }),
  );
}

/** The arguments that select what is counted. */
function valueArguments(types: TypeRegistry, dataset: Dataset) {
  return types.builder.args((t) => ({
    ...(dataset.measures.length > 0 && {
      measure: t.field({
        type: measureEnum(types, dataset),
        description: 'The measure whose values are counted.',
      }),
    }),
    attribute: t.field({
      type: 'AttributePath',
      description: 'The attribute whose numbers are counted, instead of a measure.',
    }),
    buckets: t.int({
      defaultValue: DEFAULT_BUCKETS,
      description:
        'Number of buckets between the bounds, 1 to 200. If both bounds are equal, there is one bucket.',
    }),
    scale: t.field({
      type: valueScale(types),
      defaultValue: 'LINEAR',
      description:
        'Whether all buckets have the same width, or each is wider than the one before by the same ' +
        'factor.',
    }),
    from: t.float({
      description:
        'Where the first bucket begins, in the unit of the measure, such as milliseconds or USD. Smaller values ' +
        'are the `underflow`. Default: the smallest value in the range; with LOG, the smallest above 0.',
    }),
    to: t.float({
      description:
        'Where the last bucket ends, inclusive. Larger values are the `overflow`. Default: the largest value ' +
        'in the range.',
    }),
  }));
}

interface DistributionArguments extends MeasureArguments {
  readonly buckets?: number | null | undefined;
  readonly scale?: DistributionOptions['scale'] | null | undefined;
  readonly from?: number | null | undefined;
  readonly to?: number | null | undefined;
}

interface TimeArguments {
  readonly grain?: SeriesOptions['grain'] | null | undefined;
  readonly timeZone?: string | null | undefined;
}

const timeOf = ({ grain, timeZone }: TimeArguments): DistributionOptions['time'] => ({
  grain: grain ?? 'AUTO',
  timeZone: timeZone ?? 'UTC',
});

/** An explicit null means the default. */
function distributionOptions(
  { buckets, scale, from, to, ...named }: DistributionArguments,
  time: DistributionOptions['time'] = null,
): DistributionOptions {
  return {
    measure: measureIn(named),
    buckets: checkBetween(buckets ?? DEFAULT_BUCKETS, MAX_VALUE_BUCKETS, 'buckets'),
    scale: scale ?? 'LINEAR',
    from: from ?? null,
    to: to ?? null,
    time,
  };
}

/** The histogram of the only point. There is none if all data of the range has expired. */
function toHistogram({ buckets, points: [point] }: Distribution): Histogram {
  const { count = 0, underflow = 0, overflow = 0, counts } = point ?? {};
  const counted = buckets.map((bucket, index) => ({ ...bucket, count: counts?.[index] ?? 0 }));
  return { count, underflow, overflow, buckets: counted };
}
