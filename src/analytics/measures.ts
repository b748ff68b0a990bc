import { isAttribute } from '../core/dataset/attribute.ts';
import type { Column } from '../core/dataset/column.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import { fieldOf } from '../core/dataset/field.ts';
import { isTag } from '../core/dataset/tag.ts';
import { InvalidArgument } from '../core/errors.ts';
import type { Total, WantedMeasure } from './spec.ts';

const DEFAULT_TOTALS: readonly Total[] = ['sum', 'min', 'max'];

/** A wanted measure with the positions of its numbers in a rollup cell. */
export interface ResolvedMeasure {
  readonly column: Column;
  /** Ascending, without repetition. */
  readonly quantiles: readonly number[];
  readonly totals: ReadonlySet<Total>;
  /** See `WantedMeasure`; null: its values are not sorted into bins. */
  readonly edges: readonly number[] | null;
  /**
   * Position among the measures of the dataset, and so in the sums of a cell; -1 for a dimension.
   */
  readonly sumsPosition: number;
  /** Position among the histograms of a cell; -1 if cells keep no histogram of it. */
  readonly histogramPosition: number;
}

/**
 * Finds the wanted measures in the declaration, and merges several entries for one measure.
 *
 * @throws InvalidArgument for a quantile outside 0 to 1, and for a name that is not a measure of
 *   the dataset.
 */
export function resolveMeasures(dataset: Dataset, wanted: readonly WantedMeasure[]): ResolvedMeasure[] {
  const quantiles = new Map<string, Set<number>>();
  for (const entry of wanted) {
    const known = quantiles.get(entry.measure) ?? new Set();
    for (const p of entry.quantiles) {
      if (!(p >= 0 && p <= 1))
        throw new InvalidArgument(`A quantile must be between 0 and 1, not ${p}.`, 'p');
      known.add(p);
    }
    quantiles.set(entry.measure, known);
  }
  return [...quantiles].map(([name, ps]) => {
    const ascending = [...ps].sort((one, other) => one - other);
    const totals = new Set(wanted.flatMap((entry) => (entry.measure === name ? totalsOf(entry) : [])));
    const column = columnFor(dataset, name, { quantiles: ascending, totals });
    const sumsPosition = dataset.measures.indexOf(column);
    const histogramPosition = dataset.histogramMeasures.indexOf(column);
    const edges = wanted.find((entry) => entry.measure === name && entry.edges !== undefined)?.edges ?? null;
    return { column, quantiles: ascending, totals, edges, sumsPosition, histogramPosition };
  });
}

const totalsOf = ({ totals = DEFAULT_TOTALS }: WantedMeasure): readonly Total[] => totals;

/** A measure or an attribute. Also a dimension or tag, if only its distinct values are counted. */
function columnFor(
  dataset: Dataset,
  name: string,
  { quantiles, totals }: Pick<ResolvedMeasure, 'quantiles' | 'totals'>,
): Column {
  const { measures, dimensions } = dataset;
  const counted = quantiles.length === 0 && [...totals].every((total) => total === 'distinct');
  if (isAttribute(name) || (counted && isTag(name))) return fieldOf(dataset, name);
  const column = [...measures, ...(counted ? dimensions : [])].find((candidate) => candidate.name === name);
  if (column === undefined) throw new InvalidArgument(`${dataset.name} has no measure ${name}.`, 'measure');
  return column;
}

/** Whether the numbers of the parts of a group add up to those of the group. */
export const isAddable = ({ quantiles, totals }: ResolvedMeasure): boolean =>
  quantiles.length === 0 && !totals.has('distinct');

/**
 * Archived rows are added to the others as they are to cells. So quantiles come from histograms,
 * which only some measures have.
 *
 * @throws InvalidArgument for a measure that cannot be added up
 */
export function checkAddable(measures: readonly ResolvedMeasure[]): void {
  for (const { column, quantiles, totals, histogramPosition } of measures) {
    const lacks = quantiles.length > 0 && histogramPosition === -1 ? 'Quantiles' : null;
    const what = totals.has('distinct') ? 'Distinct values' : lacks;
    if (what !== null)
      throw new InvalidArgument(
        `${what} of ${column.name} cannot be combined from the archive and from stored rows. End ` +
          'the range where the stored rows begin, or start it there (`rowsSince` of ' +
          '`retentionPolicies`).',
        'archive',
      );
  }
}
