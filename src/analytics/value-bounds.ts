import { both } from '../core/build-filter.ts';
import { type Column, toPublicNumber, toStoredNumber } from '../core/dataset/column.ts';
import { defined } from '../core/defined.ts';
import { InvalidArgument } from '../core/errors.ts';
import type { Filter } from '../core/filter.ts';
import type { Interval } from '../core/time/range.ts';
import type { Distribution, DistributionOptions } from './distribution-spec.ts';
import type { Aggregation, Selection } from './execute.ts';
import { resolveMeasures } from './measures.ts';
import type { Question } from './question.ts';
import type { QuerySpec, Scope } from './spec.ts';

/** Executes a question. */
type Read = (spec: QuerySpec, selection: Selection) => Promise<[Question, Aggregation]>;
type Asked = readonly (readonly [Question, Aggregation])[];

/**
 * The bounds of the buckets, in stored units: the given bounds, otherwise the extremes of the
 * values. Null if there are no values. Also returns the questions that found them.
 *
 * @param scope with the part of the range whose rows are kept, which may be empty
 * @throws InvalidArgument for bounds with nothing between them, and for bounds that LOG cannot use.
 */
export async function findBounds(
  read: Read,
  scope: Scope,
  options: DistributionOptions,
): Promise<{ readonly bounds: Interval | null; readonly asked: Asked }> {
  const { measure, scale } = options;
  const { from, to } = givenBounds(scope, options);
  if (from !== null && to !== null) return { bounds: { from, to }, asked: [] };
  const all = await extremesOf(read, scope, measure);
  const needsPositive = scale === 'LOG' && from === null && all.extremes !== null && all.extremes.from <= 0;
  const positive = needsPositive ? [await extremesOf(read, positiveOf(scope, measure), measure)] : [];
  const found = [all, ...positive];
  const asked = found.flatMap(({ answer }) => (answer === null ? [] : [answer]));
  const extremes = defined(found.at(-1)).extremes;
  if (extremes === null) return { bounds: null, asked };
  // A given bound may lie beyond all values.
  if (from !== null) return { bounds: { from, to: Math.max(from, extremes.to) }, asked };
  if (to !== null) return { bounds: { from: Math.min(extremes.from, to), to }, asked };
  return { bounds: extremes, asked };
}

/** In stored units. */
function givenBounds(
  { dataset }: Scope,
  { measure, scale, from, to }: DistributionOptions,
): { readonly from: number | null; readonly to: number | null } {
  const { column } = defined(resolveMeasures(dataset, [{ measure, quantiles: [] }])[0]);
  const low = from === null ? null : toStoredNumber(column, from);
  const high = to === null ? null : toStoredNumber(column, to);
  for (const [name, value] of Object.entries({ from: low, to: high })) {
    if (value === null || (Number.isFinite(value) && (scale === 'LINEAR' || value > 0))) continue;
    const wanted = scale === 'LINEAR' ? 'a finite number' : 'above 0, because a LOG scale has no 0';
    throw new InvalidArgument(`\`${name}\` must be ${wanted}.`, name);
  }
  if (low !== null && high !== null && low >= high)
    throw new InvalidArgument('`to` must be greater than `from`.', 'to');
  return { from: low, to: high };
}

/** The scope without the values that a LOG scale cannot show. */
function positiveOf(scope: Scope, measure: string): Scope {
  const positive: Filter = { kind: 'test', field: measure, operator: 'gt', value: 0, negated: false };
  return { ...scope, filter: both(positive, scope.filter) };
}

async function extremesOf(read: Read, scope: Scope, measure: string) {
  const { from, to } = scope.range;
  if (from >= to) return { answer: null, extremes: null };
  const measures = [{ measure, quantiles: [], totals: ['min', 'max'] as const }];
  const answer = await read({ ...scope, dimensions: [], boundaries: [from, to], measures }, { kind: 'all' });
  const found = answer[1].groups.list()[0]?.buckets[0]?.measures[0];
  const extremes: Interval | null =
    found === undefined || found.count === 0 ? null : { from: found.min, to: found.max };
  return { answer, extremes };
}

/** The edges of equal buckets between the bounds: one more edge than buckets. */
export function cutValues(
  bounds: Interval | null,
  { buckets, scale }: Pick<DistributionOptions, 'buckets' | 'scale'>,
): number[] {
  if (bounds === null) return [];
  const { from, to } = bounds;
  if (from === to) return [from, to];
  // Powers of ten, because then decades have exact edges.
  const [low, high] = scale === 'LOG' ? [Math.log10(from), Math.log10(to)] : [from, to];
  const inner = Array.from({ length: buckets - 1 }, (_, index) => {
    const position = low + ((high - low) * (index + 1)) / buckets;
    return Math.min(Math.max(scale === 'LOG' ? 10 ** position : position, from), to);
  });
  return [from, ...inner, to];
}

/** The buckets between edges, in public units. */
export function toBuckets(column: Column, edges: readonly number[]): Distribution['buckets'] {
  const shown = edges.map((edge) => toPublicNumber(column, edge));
  return shown.slice(1).map((to, index) => ({ from: defined(shown[index]), to }));
}
