import fc from 'fast-check';
import { expect } from 'vitest';
import type { Analytics } from '../../../src/analytics/analytics.ts';
import type { DistributionOptions } from '../../../src/analytics/distribution-spec.ts';
import type { Scope } from '../../../src/analytics/spec.ts';
import type { Dataset } from '../../../src/core/dataset/dataset.ts';
import type { Row } from '../../../src/core/dataset/row.ts';
import { ATTRIBUTE_NAMES } from './attributes.ts';
import { rowsBetween, statsOf } from './naive.ts';

/**
 * Distributions of the measures and attributes of a dataset. Amounts of money are excluded: bounds
 * are in USD.
 */
export function distributionsOf(
  dataset: Dataset,
  times: fc.Arbitrary<DistributionOptions['time']>,
): fc.Arbitrary<DistributionOptions> {
  const measures = dataset.measures.filter(({ kind }) => kind !== 'money').map(({ name }) => name);
  const named = measures.length === 0 ? ATTRIBUTE_NAMES : measures;
  const bound = fc.option(fc.constantFrom(0.5, 1, 100, 50_000), { nil: null, freq: 2 });
  return fc
    .record({
      measure: fc.oneof(
        { arbitrary: fc.constantFrom(...named), weight: 3 },
        fc.constantFrom(...ATTRIBUTE_NAMES),
      ),
      buckets: fc.integer({ min: 1, max: 12 }),
      scale: fc.constantFrom('LINEAR' as const, 'LOG' as const),
      from: bound,
      to: bound,
      time: fc.oneof(fc.constant(null), times),
    })
    .filter(({ from, to }) => from === null || to === null || from < to);
}

interface Asked {
  readonly dataset: Dataset;
  readonly scope: Scope;
  /** The rows that the query is about. */
  readonly rows: readonly Row[];
}

/**
 * Every value is in the bucket whose bounds contain it, and bounds that were not given are the
 * extremes.
 */
export async function checkDistribution(
  analytics: Analytics,
  { dataset, scope, rows }: Asked,
  options: DistributionOptions,
): Promise<void> {
  const { value } = await analytics.distribution(scope, options);
  const { buckets, points } = value;
  const all = statsOf(dataset, rows).values(options.measure);
  const shown = options.scale === 'LOG' ? all.filter((one) => one > 0) : all;
  checkBounds(buckets, shown, options);
  const first = buckets[0]?.from ?? Number.POSITIVE_INFINITY;
  const last = buckets.at(-1)?.to ?? Number.POSITIVE_INFINITY;
  const wrong = points.filter(({ start, end, ...point }) => {
    const values = statsOf(dataset, rowsBetween(dataset, rows, start, end)).values(options.measure);
    const isIn = (one: number, index: number) => {
      const { from, to } = buckets[index] as (typeof buckets)[number];
      return one >= from && (one < to || (index === buckets.length - 1 && one === to));
    };
    const expected = {
      count: values.length,
      underflow: values.filter((one) => one < first).length,
      overflow: values.filter((one) => one > last).length,
      counts: buckets.map((_, index) => values.filter((one) => isIn(one, index)).length),
    };
    return JSON.stringify(expected) !== JSON.stringify(point);
  });
  expect(wrong).toEqual([]);
  expect(points.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
}

function checkBounds(
  buckets: readonly { readonly from: number; readonly to: number }[],
  shown: readonly number[],
  { from, to, buckets: asked }: DistributionOptions,
): void {
  const [least, most] = [shown[0], shown.at(-1)];
  if (buckets.length === 0) {
    expect(shown).toEqual([]);
    expect(from === null || to === null).toBe(true);
    return;
  }
  const low = from ?? Math.min(least ?? Number.NaN, to ?? Number.POSITIVE_INFINITY);
  const high = to ?? Math.max(most ?? Number.NaN, from ?? Number.NEGATIVE_INFINITY);
  // With LOG and `from`, all values may be 0 or below.
  expect(buckets[0]?.from).toBe(low);
  if (!Number.isNaN(high)) expect(buckets.at(-1)?.to).toBe(high);
  expect(buckets.length).toBe(low === buckets.at(-1)?.to ? 1 : asked);
}
