import type { GroupOrder, MeasureStats, Stats, WantedMeasure } from '../../analytics/spec.ts';
import { isAttribute } from '../../core/dataset/attribute.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { isTag } from '../../core/dataset/tag.ts';
import { defined } from '../../core/defined.ts';
import { InvalidArgument } from '../../core/errors.ts';
import { errorCount, meanOf, quantileOf, rate } from '../analytics/stats-values.ts';
import { findDimension } from './named-dimension.ts';

/** A number of some events, by a name such as "count", "cost" or "latencyMs.p95". */
export interface NamedNumber {
  /** As the caller wrote it. */
  readonly text: string;
  /** What analytics has to read for it. */
  readonly wanted: readonly WantedMeasure[];
  /** How to sort groups by the number; null if that is not possible. */
  readonly order: GroupOrder['by'] | null;
  /**
   * Whether the numbers of the parts add up to that of the whole, so that the number says how large
   * a group is.
   */
  readonly isSize: boolean;
  /** Null if there is nothing to compute it from. @param stats with the wanted measures */
  read(stats: Stats): number | null;
}

/** A number without its name. */
type Computed = Omit<NamedNumber, 'text'>;

const COUNT: Computed = { wanted: [], order: 'count', isSize: true, read: ({ rowCount }) => rowCount };

/** The numbers of events that record success. */
const OF_SUCCESS: Readonly<Record<string, Computed>> = {
  successCount: { wanted: [], order: null, isSize: false, read: ({ successCount }) => successCount },
  errorCount: { wanted: [], order: null, isSize: false, read: errorCount },
  successRate: {
    ...{ wanted: [], order: 'successRate', isSize: false },
    read: ({ successCount, rowCount }) => rate(successCount, rowCount),
  },
  errorRate: {
    ...{ wanted: [], order: 'errorRate', isSize: false },
    read: (stats) => rate(errorCount(stats), stats.rowCount),
  },
};

/** A name and an aggregate: "latencyMs.p95", "attributes.cart.items.avg". */
const AGGREGATED = /^(.+)\.(sum|avg|min|max|count|distinct|p(?:100|\d{1,2}(?:\.\d{1,3})?))$/su;

/**
 * Reads the name of a number.
 *
 * @throws InvalidArgument at the argument if the dataset has no such number; the message says what
 * it has.
 */
export function readNumber(dataset: Dataset, text: string, argument: string): NamedNumber {
  return { text, ...computedOf(dataset, text, argument) };
}

function computedOf(dataset: Dataset, text: string, argument: string): Computed {
  if (text === 'count') return COUNT;
  if (dataset.hasSuccess && Object.hasOwn(OF_SUCCESS, text)) return defined(OF_SUCCESS[text]);
  const [, of = text, aggregate = null] = AGGREGATED.exec(text) ?? [];
  if (aggregate === 'distinct') {
    const name = findDimension(dataset, of, argument);
    if (name !== null) return distinctOf(name);
  } else if (dataset.measures.some(({ name }) => name === of)) {
    return aggregateOf(of, aggregate ?? 'sum');
  } else if (aggregate !== null && isAttribute(of)) {
    const name = findDimension(dataset, of, argument);
    if (name !== null) return aggregateOf(name, aggregate);
  }
  throw new InvalidArgument(explain(dataset, text), argument);
}

function distinctOf(measure: string): Computed {
  return {
    wanted: [{ measure, quantiles: [], totals: ['distinct'] }],
    order: { measure, aggregate: 'distinct' },
    isSize: false,
    read: ({ measures }) => measures.get(measure)?.distinct ?? null,
  };
}

function aggregateOf(measure: string, aggregate: string): Computed {
  if (aggregate.startsWith('p')) return quantile(measure, Number(aggregate.slice(1)) / 100);
  const { totals, order, read: readAggregate } = defined(AGGREGATES.get(aggregate));
  return {
    wanted: [{ measure, quantiles: [], totals }],
    order: order && { measure, aggregate: order },
    isSize: aggregate === 'sum',
    read: (stats) => readAggregate(stats, measure),
  };
}

function quantile(measure: string, p: number): Computed {
  return {
    wanted: [{ measure, quantiles: [p], totals: [] }],
    order: p === 0.95 ? { measure, aggregate: 'p95' } : null,
    isSize: false,
    read: (stats) => quantileOf(stats, measure, p),
  };
}

const numbersOf = ({ measures }: Stats, measure: string): MeasureStats | undefined => measures.get(measure);

const AGGREGATES: ReadonlyMap<string, AggregateOf> = new Map<string, AggregateOf>([
  ['sum', { totals: ['sum'], order: 'sum', read: (stats, name) => numbersOf(stats, name)?.sum ?? null }],
  ['avg', { totals: ['sum'], order: 'avg', read: meanOf }],
  ['min', { totals: ['min'], order: 'min', read: (stats, name) => numbersOf(stats, name)?.min ?? null }],
  ['max', { totals: ['max'], order: 'max', read: (stats, name) => numbersOf(stats, name)?.max ?? null }],
  ['count', { totals: [], order: null, read: (stats, name) => numbersOf(stats, name)?.count ?? null }],
]);

interface AggregateOf {
  readonly totals: NonNullable<WantedMeasure['totals']>;
  readonly order: 'sum' | 'avg' | 'min' | 'max' | null;
  read(stats: Stats, measure: string): number | null;
}

/** Lists what the dataset has, for a message about an unknown name. */
function explain(dataset: Dataset, text: string): string {
  const ofEvents = ['count', ...(dataset.hasSuccess ? Object.keys(OF_SUCCESS) : [])].join(', ');
  const measures = dataset.measures.map(({ name }) => name).join(', ');
  const [first] = dataset.dimensions;
  const nearly = isAttribute(text)
    ? ` For an attribute, name what to compute: ${text}.sum.`
    : isTag(text)
      ? ` For a tag, only the number of values is available: ${text}.distinct.`
      : '';
  return (
    `${dataset.name} has no number "${text}".${nearly} It has ${ofEvents}` +
    (measures === '' ? '' : `, the sums of ${measures}`) +
    '; for measures and attributes .sum, .avg, .min, .max, .count and percentiles, such as .p95; ' +
    'and for dimensions and tags ' +
    `.distinct${first === undefined ? '' : `, such as ${first.name}.distinct`}.`
  );
}
