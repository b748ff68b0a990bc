import type { Column } from '../core/dataset/column.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import { InvalidArgument } from '../core/errors.ts';
import type { Total, WantedMeasure } from './spec.ts';

const ALL_TOTALS: readonly Total[] = ['sum', 'min', 'max'];

/** A wanted measure with the positions of its numbers in a rollup cell. */
export interface ResolvedMeasure {
  readonly column: Column;
  /** Ascending, without repetition. */
  readonly quantiles: readonly number[];
  readonly totals: ReadonlySet<Total>;
  /** Position among the measures of the dataset, and so in the sums of a cell. */
  readonly sumsPosition: number;
  /** Position among the histograms of a cell; -1 if cells keep none of it. */
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
    const sumsPosition = dataset.measures.findIndex((column) => column.name === name);
    const column = dataset.measures[sumsPosition];
    if (column === undefined) throw new InvalidArgument(`${dataset.name} has no measure ${name}.`, 'measure');
    const histogramPosition = dataset.histogramMeasures.indexOf(column);
    const totals = new Set(wanted.flatMap((entry) => (entry.measure === name ? totalsOf(entry) : [])));
    const ascending = [...ps].sort((one, other) => one - other);
    return { column, quantiles: ascending, totals, sumsPosition, histogramPosition };
  });
}

const totalsOf = ({ totals = ALL_TOTALS }: WantedMeasure): readonly Total[] => totals;
