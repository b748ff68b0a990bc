import type { ColumnValue } from '../core/dataset/column.ts';
import { mergeEncoded } from '../core/encoded-histogram.ts';
import { COUNT, histogramSlice, MAX, MIN, SUM, SUMS_BYTES } from '../core/rollup/cell.ts';
import { StorageUnavailable } from '../storage/errors.ts';
import {
  type Accumulator,
  countOf,
  type GroupCount,
  type Groups,
  type MeasureTotals,
} from './accumulator.ts';
import type { CellEntry, CellPack, Cells, Stretch } from './cells.ts';
import type { ResolvedMeasure } from './measures.ts';
import type { ReadContext } from './read-context.ts';
import type { QuerySpec } from './spec.ts';

const CELLS_PER_PORTION = 1_000;
/** Estimates: of a cell, and of each histogram that it brings. */
const CELL_MICROSECONDS = 0.5;
const HISTOGRAM_MICROSECONDS = 2;
const BYTES_PER_DOUBLE = 8;

/**
 * Counts the rows of each group from the cells, to choose the top N before anything is added up.
 */
export async function countCells(
  context: FoldContext,
  cells: Cells,
  counts: Map<string, GroupCount>,
): Promise<void> {
  const countFor = remembered(cells, (values) => countOf(counts, values));
  await visit(context, { cells, microseconds: CELL_MICROSECONDS }, ([, key, rowCount]) => {
    const count = countFor(key);
    if (count !== null) count.rowCount += rowCount;
  });
}

/** Caches `find` by dimension key. Null for keys that do not match the filter. */
function remembered<Value>(
  cells: Cells,
  find: (values: readonly ColumnValue[]) => Value,
): (key: string) => Value | null {
  const known = new Map<string, Value | null>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      const values = cells.valuesOf(key);
      value = values === null ? null : find(values);
      known.set(key, value);
    }
    return value;
  };
}

interface Visit {
  readonly cells: Cells;
  /** How long `use` takes, about. */
  readonly microseconds: number;
}

/**
 * Calls `use` for each cell, with the positions of its bytes. Other work gets its turn in between,
 * and ends it when the question is stopped.
 */
async function visit(
  { pass, count }: FoldContext,
  { cells, microseconds }: Visit,
  use: (entry: CellEntry, pack: CellPack, sumsAt: number, histogramsAt: number) => void,
): Promise<void> {
  const { packs, stretch } = cells;
  for (const pack of packs) {
    const { entries } = pack;
    let sumsAt = 0;
    let histogramsAt = 0;
    for (let first = 0; first < entries.length; first += CELLS_PER_PORTION) {
      const end = Math.min(first + CELLS_PER_PORTION, entries.length);
      await pass((end - first) * microseconds);
      count({});
      for (let index = first; index < end; index++) {
        const entry = entries[index] as CellEntry;
        use(entry, pack, sumsAt, histogramsAt);
        sumsAt += lengthWithin(stretch, entry[SUMS_LENGTH]);
        histogramsAt += entry[HISTOGRAMS_LENGTH] ?? 0;
      }
    }
  }
}

/** How much of the stretch a cell with sums of this length has. */
const lengthWithin = ({ start, length }: Stretch, sumsLength: number): number =>
  Math.min(Math.max(sumsLength - start, 0), length);

const SUMS_LENGTH = 4;
const HISTOGRAMS_LENGTH = 5;

/** Where folding takes its turns, and asks whether to go on. */
type FoldContext = Pick<ReadContext, 'pass' | 'count'>;

/** What cells are added to. */
export interface FoldTarget {
  readonly spec: QuerySpec;
  readonly measures: readonly ResolvedMeasure[];
  readonly groups: Groups;
}

/** Adds each cell to its group and bucket. */
export async function foldCells(
  context: FoldContext,
  cells: Cells,
  { spec, measures, groups }: FoldTarget,
): Promise<void> {
  const histograms = measures.filter(({ quantiles }) => quantiles.length > 0).length;
  const microseconds = CELL_MICROSECONDS + histograms * HISTOGRAM_MICROSECONDS;
  const { stretch } = cells;
  const bucketOf = bucketFinder(spec.boundaries);
  const groupFor = remembered(cells, (values) => groups.of(values));
  await visit(context, { cells, microseconds }, (entry, pack, sumsAt, histogramsAt) => {
    const group = groupFor(entry[1]);
    if (group === null) return;
    const accumulator = groups.accumulator(group, bucketOf(entry[0]));
    accumulator.rowCount += entry[2];
    accumulator.successCount += entry[3];
    expectWhole(entry[SUMS_LENGTH]);
    addSums(accumulator, measures, pack.sums, {
      start: sumsAt,
      length: lengthWithin(stretch, entry[SUMS_LENGTH]),
      skipped: stretch.start,
    });
    if (pack.histograms !== null) {
      const histograms = pack.histograms.subarray(histogramsAt, histogramsAt + entry[HISTOGRAMS_LENGTH]);
      addHistograms(accumulator, measures, histograms);
    }
  });
}

/** Finds the bucket of an instant; instants that come in order cost one comparison each. */
function bucketFinder(boundaries: readonly number[]): (instant: number) => number {
  let current = 0;
  return (instant) => {
    if (instant < (boundaries[current] as number) || instant >= (boundaries[current + 1] as number)) {
      current = search(boundaries, instant);
    }
    return current;
  };
}

/** The index of the last boundary at or before the instant. */
function search(boundaries: readonly number[], instant: number): number {
  let low = 0;
  let high = boundaries.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((boundaries[middle] as number) <= instant) low = middle;
    else high = middle;
  }
  return low;
}

function expectWhole(sumsLength: number): void {
  if (sumsLength % SUMS_BYTES !== 0) {
    throw new StorageUnavailable('A rollup cell ends within the numbers of a measure.', {
      trouble: 'DAMAGED',
    });
  }
}

/** The sums of the cell are a stretch of these bytes; `skipped` are those in front of it that were not read. */
function addSums(
  accumulator: Accumulator,
  measures: readonly ResolvedMeasure[],
  bytes: Uint8Array,
  { start, length, skipped }: Stretch & { readonly skipped: number },
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 0; index < measures.length; index++) {
    const { sumsPosition } = measures[index] as ResolvedMeasure;
    const totals = accumulator.measures[index] as MeasureTotals;
    const at = start + sumsPosition * SUMS_BYTES - skipped;
    // A cell that was written before the measure was declared has no numbers of it.
    if (at >= start + length) continue;
    totals.count += view.getFloat64(at + COUNT * BYTES_PER_DOUBLE, true);
    totals.sum += view.getFloat64(at + SUM * BYTES_PER_DOUBLE, true);
    totals.min = Math.min(totals.min, view.getFloat64(at + MIN * BYTES_PER_DOUBLE, true));
    totals.max = Math.max(totals.max, view.getFloat64(at + MAX * BYTES_PER_DOUBLE, true));
  }
}

function addHistograms(
  accumulator: Accumulator,
  measures: readonly ResolvedMeasure[],
  bytes: Uint8Array,
): void {
  for (let index = 0; index < measures.length; index++) {
    const { histogram } = accumulator.measures[index] as MeasureTotals;
    if (histogram === null) continue;
    const slice = histogramSlice(bytes, (measures[index] as ResolvedMeasure).histogramPosition);
    if (slice !== null) mergeEncoded(histogram, bytes, slice.offset, slice.length);
  }
}
