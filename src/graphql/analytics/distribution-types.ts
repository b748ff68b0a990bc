import type { Distribution, DistributionPoint } from '../../analytics/distribution-spec.ts';
import { constantName } from '../../core/dataset/constant-name.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { DerivedEnum } from '../entities/column-types.ts';
import { inPortions } from '../limits/in-portions.ts';
import type { TypeRegistry } from '../type-registry.ts';

type ValueBucket = Distribution['buckets'][number];
type CountedBucket = ValueBucket & { readonly count: number };
/** What `Histogram` shows. */
export type Histogram = Pick<DistributionPoint, 'count' | 'underflow' | 'overflow'> & {
  readonly buckets: readonly CountedBucket[];
};

const COUNT = 'Number of events that have the measure.';
const UNDERFLOW =
  'Number of values below the first bucket. With scale LOG, it includes all values of 0 and below, ' +
  'which such a scale cannot show.';
const OVERFLOW = 'Number of values above the last bucket.';
const FROM = 'The smallest value of the bucket, inclusive, in the unit of the measure.';
const TO = 'The end of the bucket, exclusive; inclusive for the last bucket.';

/** `<Entity>Measure`: names a measure in an argument. Its values are column names. */
export function measureEnum(types: TypeRegistry, dataset: Dataset): DerivedEnum {
  const name = `${dataset.entity}Measure`;
  return types.once(name, (builder) =>
    builder.enumType(name, {
      description: `The measures of ${dataset.name}.`,
      values: Object.fromEntries(
        dataset.measures.map(({ name: value, description }) => [constantName(value), { value, description }]),
      ),
    }),
  );
}

/** `ValueScale`: how values are divided into buckets. */
export function valueScale(types: TypeRegistry) {
  return types.once('ValueScale', (builder) =>
    builder.enumType('ValueScale', {
      description: 'How values are divided into buckets.',
      values: {
        LINEAR: { description: 'All buckets have the same width.' },
        LOG: {
          description:
            'Each bucket is wider than the one before by the same factor. Use it for values that ' +
            'differ by orders of magnitude, such as latencies.',
        },
      } as const,
    }),
  );
}

/** `Histogram`. */
export function histogramType(types: TypeRegistry) {
  return types.once('Histogram', (builder) => {
    const bucket = builder.objectRef<CountedBucket>('HistogramBucket').implement({
      description: 'The values of a measure from one bound to the next.',
      fields: (t) => ({
        from: t.exposeFloat('from', { description: FROM }),
        to: t.exposeFloat('to', { description: TO }),
        count: t.expose('count', { type: 'SafeInt', description: 'Number of values in the bucket.' }),
      }),
    });
    return builder.objectRef<Histogram>('Histogram').implement({
      description: 'How the values of a measure are distributed.',
      fields: (t) => ({
        count: t.expose('count', { type: 'SafeInt', description: COUNT }),
        underflow: t.expose('underflow', { type: 'SafeInt', description: UNDERFLOW }),
        overflow: t.expose('overflow', { type: 'SafeInt', description: OVERFLOW }),
        buckets: t.expose('buckets', {
          type: [bucket],
          description: 'The buckets in ascending order. Empty if there are no values to choose bounds from.',
        }),
      }),
    });
  });
}

/** The approximate time that graphql-js takes for a point, and for each of its counts. */
const POINT_MICROSECONDS = 10;
const COUNT_MICROSECONDS = 0.5;

/** `Heatmap`. */
export function heatmapType(types: TypeRegistry) {
  return types.once('Heatmap', (builder) => {
    const bucket = builder.objectRef<ValueBucket>('HeatmapBucket').implement({
      description: 'Values of a measure from one bound to the next.',
      fields: (t) => ({
        from: t.exposeFloat('from', { description: FROM }),
        to: t.exposeFloat('to', { description: TO }),
      }),
    });
    const point = heatmapPoint(types);
    return builder.objectRef<Distribution>('Heatmap').implement({
      description: 'How the values of a measure are distributed over time.',
      fields: (t) => ({
        buckets: t.expose('buckets', {
          type: [bucket],
          description:
            'The value buckets in ascending order, the same for all points. Empty if there are no ' +
            'values to choose bounds from.',
        }),
        points: t.field({
          type: [point],
          description: 'The time buckets, oldest first.',
          resolve: ({ buckets, points }, _, context) =>
            inPortions(context, points, POINT_MICROSECONDS + buckets.length * COUNT_MICROSECONDS),
        }),
      }),
    });
  });
}

function heatmapPoint({ builder }: TypeRegistry) {
  return builder.objectRef<DistributionPoint>('HeatmapPoint').implement({
    description: 'The histogram of one time bucket.',
    fields: (t) => ({
      start: t.expose('start', { type: 'DateTime', description: 'Start of the time bucket.' }),
      end: t.expose('end', { type: 'DateTime', description: 'End of the time bucket, exclusive.' }),
      count: t.expose('count', { type: 'SafeInt', description: COUNT }),
      underflow: t.expose('underflow', { type: 'SafeInt', description: UNDERFLOW }),
      overflow: t.expose('overflow', { type: 'SafeInt', description: OVERFLOW }),
      counts: t.expose('counts', {
        type: ['SafeInt'],
        description: 'Number of values in each bucket, in the order of `buckets`.',
      }),
    }),
  });
}
