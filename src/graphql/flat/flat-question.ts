import type { Caller } from '../../access/caller.ts';
import { visibleRows } from '../../access/visible-rows.ts';
import type { GroupOrder, Scope, WantedMeasure } from '../../analytics/spec.ts';
import { both } from '../../core/build-filter.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { defined } from '../../core/defined.ts';
import { InvalidArgument } from '../../core/errors.ts';
import { type Interval, intervalBetween } from '../../core/time/range.ts';
import { readFilter } from '../../filter/read-filter.ts';
import { ARCHIVE, archiveOf } from '../analytics/archive-argument.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { datasetName } from './dataset-name.ts';
import { type NamedDimension, readDimensions } from './named-dimension.ts';
import { type NamedNumber, readNumber } from './named-number.ts';

/** The most numbers that one question may request. */
export const MAX_NUMBERS = 20;

/** A question that names its dataset, numbers and groups by text. */
export interface FlatQuestion {
  readonly scope: Scope;
  readonly numbers: readonly NamedNumber[];
  readonly dimensions: readonly NamedDimension[];
  /** Which groups come first. */
  readonly orderBy: GroupOrder;
}

export interface FlatArguments extends Interval {
  readonly dataset: string;
  readonly measures: readonly string[];
  readonly groupBy?: readonly string[] | null | undefined;
  readonly filter?: unknown;
  readonly orderBy?: string | null | undefined;
  readonly archive?: boolean | null | undefined;
}

/** The arguments `from` and `to`. */
export function instantArgs(types: TypeRegistry) {
  return types.builder.args((t) => ({
    from: t.float({
      required: true,
      description: 'Start, inclusive, in milliseconds since 1970 (UTC), as dashboards send it.',
    }),
    to: t.float({ required: true, description: 'End, exclusive, in milliseconds since 1970 (UTC).' }),
  }));
}

/** The arguments that `readQuestion` takes. */
export function flatArgs(types: TypeRegistry) {
  return types.builder.args((t) => ({
    dataset: t.field({ type: datasetName(types), required: true, description: 'The dataset to read.' }),
    ...instantArgs(types),
    measures: t.stringList({
      required: true,
      description:
        'The numbers, 1 to 20: "count"; "successRate", "errorRate", "successCount" and ' +
        '"errorCount" for datasets that record success; the sum of a measure by its name, "cost"; ' +
        'other aggregates after a dot: "latencyMs.avg", .min, .max, .count (events that have the ' +
        'measure) and percentiles, "latencyMs.p95" or .p99.9; the number of distinct values of a ' +
        'dimension, "endUser.distinct"; for attributes, "attributes.cart.items.sum". Units are ' +
        'those of the measure: USD, milliseconds, shares from 0 to 1.',
    }),
    groupBy: t.stringList({
      description:
        'Dimensions to group by, at most 5: "model", "attributes.region", "tags.team". Default: none.',
    }),
    filter: t.field({
      type: 'JSON',
      description:
        "Only events that match this filter: an object like the `filter` of the dataset's list, " +
        'such as { provider: { eq: "openai" } }. Default: all.',
    }),
    orderBy: t.string({
      description:
        'The number to sort the groups by, largest first, named as in `measures`. Default: the ' +
        'first of `measures` that is a count or a sum; otherwise the number of events.',
    }),
    archive: t.boolean(ARCHIVE),
  }));
}

/** @throws InvalidArgument at the argument that is not valid. */
export function readQuestion(
  { dataset: name, measures, groupBy, filter, orderBy, archive, ...range }: FlatArguments,
  { datasets, projectId }: { readonly datasets: readonly Dataset[]; readonly projectId: string },
): FlatQuestion {
  const dataset = defined(datasets.find((known) => known.name === name));
  if (measures.length < 1 || measures.length > MAX_NUMBERS)
    throw new InvalidArgument(`measures takes 1 to ${MAX_NUMBERS} names, such as "count".`, 'measures');
  const numbers = measures.map((text, index) => readNumber(dataset, text, `measures.${index}`));
  return {
    scope: {
      ...{ dataset, projectId, range: readInstants(range), filter: readFilter(dataset, filter) },
      ...archiveOf(archive),
    },
    numbers,
    dimensions: readDimensions(dataset, groupBy ?? []),
    orderBy: { by: orderOf(dataset, numbers, orderBy ?? null), direction: 'desc' },
  };
}

/** @throws InvalidArgument at `from` or `to`. */
export function readInstants({ from, to }: Interval): Interval {
  return intervalBetween({ from: Math.trunc(from), to: Math.trunc(to) }, { from: 'from', to: 'to' });
}

function orderOf(dataset: Dataset, numbers: readonly NamedNumber[], text: string | null): GroupOrder['by'] {
  if (text === null) return numbers.find(({ isSize }) => isSize)?.order ?? 'count';
  return readOrder(dataset, text, 'orderBy');
}

/**
 * Reads the name of a number by which groups are sorted.
 *
 * @throws InvalidArgument at the argument if the dataset has no such number, or does not sort by it
 */
export function readOrder(dataset: Dataset, text: string, argument: string): GroupOrder['by'] {
  const { order } = readNumber(dataset, text, argument);
  if (order !== null) return order;
  throw new InvalidArgument(
    `Groups cannot be sorted by ${text}. They can by count, successRate, errorRate, and by .sum, .avg, .min, ` +
      '.max, .p95 and .distinct.',
    argument,
  );
}

/** What analytics has to read for the numbers. */
export const wantedOf = ({ numbers }: FlatQuestion): readonly WantedMeasure[] =>
  numbers.flatMap(({ wanted }) => wanted);

export const namesOf = ({ dimensions }: FlatQuestion): readonly string[] =>
  dimensions.map(({ name }) => name);

/** The same of the rows that a caller sees. */
export function visibleTo(scope: Scope, caller: Pick<Caller, 'rows'>): Scope {
  return { ...scope, filter: both(visibleRows(caller, scope.dataset), scope.filter) };
}
