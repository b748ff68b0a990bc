import fc from 'fast-check';
import type { DistributionOptions } from '../../../src/analytics/distribution-spec.ts';
import type { GroupOrder, SeriesOptions, Total, WantedMeasure } from '../../../src/analytics/spec.ts';
import type { Dataset } from '../../../src/core/dataset/dataset.ts';
import { fieldOf } from '../../../src/core/dataset/field.ts';
import type { Filter } from '../../../src/core/filter.ts';
import { TIME_GRAINS, type TimeGrain } from '../../../src/core/time/grain.ts';
import type { Interval } from '../../../src/core/time/range.ts';
import { ATTRIBUTE_NAMES } from './attributes.ts';
import { distributionsOf } from './distributions.ts';
import { instantsOf, type Window } from './events.ts';
import { filtersOver } from './filters.ts';
import { TAG_NAMES } from './tags.ts';

/** A question in the forms of the API, over the same rows. */
export interface Question {
  readonly range: Interval;
  readonly filter: Filter | null;
  readonly measures: readonly WantedMeasure[];
  readonly dimensions: readonly string[];
  readonly orderBy: GroupOrder;
  readonly first: number;
  readonly atLeast: number;
  readonly series: SeriesOptions;
  readonly distribution: DistributionOptions;
}

const ZONES = ['UTC', 'Asia/Kolkata', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', '-03:30'];
const MINUTE = 60_000;
const WIDTHS: Readonly<Record<TimeGrain, number>> = {
  MINUTE,
  FIVE_MINUTES: 5 * MINUTE,
  FIFTEEN_MINUTES: 15 * MINUTE,
  HOUR: 60 * MINUTE,
  DAY: 24 * 60 * MINUTE,
  WEEK: 7 * 24 * 60 * MINUTE,
  MONTH: 28 * 24 * 60 * MINUTE,
  QUARTER: 90 * 24 * 60 * MINUTE,
  YEAR: 365 * 24 * 60 * MINUTE,
};

function rangesOf(window: Window): fc.Arbitrary<Interval> {
  const instant = instantsOf(window);
  return fc
    .tuple(instant, instant)
    .filter(([one, other]) => one !== other)
    .map(([one, other]) => ({ from: Math.min(one, other), to: Math.max(one, other) }));
}

/**
 * Grains with at most a few hundred points in the range, because a naive answer per point must be
 * affordable.
 */
function grainsFor({ from, to }: Interval): fc.Arbitrary<TimeGrain | 'AUTO'> {
  const fitting = TIME_GRAINS.filter((grain) => (to - from) / WIDTHS[grain] < 300);
  return fc.constantFrom('AUTO' as const, ...fitting);
}

const someOf = <Value>(values: readonly Value[], most: number): fc.Arbitrary<Value[]> =>
  fc.shuffledSubarray([...values], { maxLength: Math.min(most, values.length) });

function measuresOf(dataset: Dataset): fc.Arbitrary<WantedMeasure[]> {
  const quantiles = fc.subarray([0, 0.25, 0.5, 0.9, 0.99, 1], { maxLength: 3 });
  const kept = new Set(dataset.histogramMeasures);
  // Quantiles of measures without a histogram force raw rows, so they are rare.
  const wanted = dataset.measures.map((column) =>
    fc.record({
      measure: fc.constant(column.name),
      totals: fc.oneof(
        fc.constant<Total[]>(['sum', 'min', 'max']),
        fc.subarray<Total>(['sum', 'min', 'max']),
      ),
      quantiles: kept.has(column)
        ? quantiles
        : fc.oneof({ arbitrary: fc.constant([]), weight: 12 }, quantiles),
    }),
  );
  const measures = someOf([...dataset.measures.keys()], 5).chain((positions) =>
    fc.tuple(...positions.map((position) => wanted[position] as fc.Arbitrary<WantedMeasure>)),
  );
  // Distinct values and attributes force rows or columns, so they are rare too.
  const named = [...dataset.dimensions.map(({ name }) => name), ...TAG_NAMES];
  const distinct = someOf([...named.map(distinctOf), ...ATTRIBUTE_NAMES.map(attributeOf)], 2);
  return fc
    .tuple(measures, fc.oneof({ arbitrary: fc.constant([]), weight: 4 }, distinct))
    .map((parts) => parts.flat());
}

const distinctOf = (name: string): WantedMeasure => ({
  measure: name,
  quantiles: [],
  totals: ['distinct'],
});

const attributeOf = (measure: string): WantedMeasure => ({
  measure,
  quantiles: [0.5],
  totals: ['sum', 'min', 'max', 'distinct', 'others'],
});

/**
 * Orders with values that are equal to the last bit in any computation, so that the order itself
 * can be compared.
 */
function ordersOf(dataset: Dataset): fc.Arbitrary<GroupOrder> {
  const exact = dataset.measures
    .filter((column) => column.kind !== 'float')
    .flatMap(({ name }) =>
      (['sum', 'avg', 'min', 'max'] as const).map((aggregate): GroupOrder['by'] => ({
        measure: name,
        aggregate,
      })),
    );
  const rates: GroupOrder['by'][] = dataset.hasSuccess ? ['errorRate', 'successRate'] : [];
  const named = [...dataset.dimensions.map(({ name }) => name), ...TAG_NAMES];
  const distinct = named.map((measure): GroupOrder['by'] => ({ measure, aggregate: 'distinct' }));
  // Their sums of doubles are exact.
  const ofAttributes = ATTRIBUTE_NAMES.flatMap((measure) =>
    (['sum', 'avg', 'min', 'max', 'distinct'] as const).map((aggregate) => ({ measure, aggregate })),
  );
  return fc.record({
    by: fc.oneof(
      { arbitrary: fc.constantFrom<GroupOrder['by']>('count', ...rates), weight: 4 },
      { arbitrary: fc.constantFrom<GroupOrder['by']>('count', ...exact), weight: 4 },
      fc.constantFrom(...distinct, ...ofAttributes),
    ),
    direction: fc.constantFrom('asc', 'desc'),
  });
}

/** Dimensions to group by and columns to filter on: usually of one rollup set, sometimes any. */
function fieldsOf(dataset: Dataset): fc.Arbitrary<{ dimensions: string[]; filterable: string[] }> {
  const sets = dataset.rollups.map((set) => set.dimensions).filter((names) => names.length > 0);
  const some = (names: readonly string[]) => someOf(names, 3);
  const ofSet = fc
    .constantFrom(...sets)
    .chain((names) => fc.record({ dimensions: some(names), filterable: fc.constant<string[]>([...names]) }));
  const ofAll = fc.record({
    dimensions: some([...dataset.dimensions.map((column) => column.name), ...ATTRIBUTE_NAMES, ...TAG_NAMES]),
    filterable: fc.constant<string[]>([
      ...dataset.columns.map((column) => column.name),
      ...ATTRIBUTE_NAMES,
      ...TAG_NAMES,
    ]),
  });
  return fc.oneof({ arbitrary: ofSet, weight: 4 }, ofAll);
}

/** Queries of every form about rows in the window. */
export function questionsOf(dataset: Dataset, window: Window): fc.Arbitrary<Question> {
  return fc.tuple(fieldsOf(dataset), rangesOf(window)).chain(([{ dimensions, filterable }, range]) => {
    const columns = filterable.map((name) => fieldOf(dataset, name));
    return fc.record({
      range: fc.constant(range),
      filter: fc.option(filtersOver(columns, window), { nil: null, freq: 2 }),
      measures: measuresOf(dataset),
      dimensions: fc.constant(dimensions),
      orderBy: ordersOf(dataset),
      first: fc.integer({ min: 1, max: 12 }),
      atLeast: fc.constantFrom(1, 1, 2, 3, 5),
      series: fc.record({
        grain: grainsFor(range),
        timeZone: fc.constantFrom(...ZONES),
        dimensions: fc.constant(dimensions),
        top: fc.integer({ min: 1, max: 4 }),
        fill: fc.constantFrom('ZERO' as const, 'NONE' as const),
      }),
      distribution: distributionsOf(
        dataset,
        fc.record({ grain: grainsFor(range), timeZone: fc.constantFrom(...ZONES) }),
      ),
    });
  });
}
