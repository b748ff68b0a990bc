import { batchesOf } from '../core/batches.ts';
import type { ColumnValue } from '../core/dataset/column.ts';
import { mergeEncoded } from '../core/encoded-histogram.ts';
import {
  areDoubles,
  COUNT,
  createSumsReader,
  histogramSlice,
  MAX,
  MIN,
  SUM,
  SUM_STRIDE,
  SUMS_BYTES,
  type SumsReader,
} from '../core/rollup/cell.ts';
import { StorageUnavailable } from '../storage/errors.ts';
import { type Accumulator, countOf, type GroupCount, type Groups } from './accumulator.ts';
import type { CellEntry, CellPack, Cells, Stretch } from './cells.ts';
import type { ResolvedMeasure } from './measures.ts';
import type { ReadContext } from './read-context.ts';
import type { QuerySpec } from './spec.ts';

const CELLS_PER_PORTION = 1_000;
/** Estimates: the time per cell, and per histogram of a cell. */
const CELL_MICROSECONDS = 0.5;
const HISTOGRAM_MICROSECONDS = 2;

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
  /** Estimated time of one call of `use`. */
  readonly microseconds: number;
}

/**
 * Calls `use` for each cell, with the positions of its bytes. Yields to other work in between, and
 * stops when the question is stopped.
 */
async function visit(
  { pass, count }: FoldContext,
  { cells, microseconds }: Visit,
  use: (entry: CellEntry, pack: CellPack, sumsAt: number, histogramsAt: number) => void,
): Promise<void> {
  const { packs, stretch } = cells;
  for (const pack of packs) {
    let sumsAt = 0;
    let histogramsAt = 0;
    for (const portion of batchesOf(pack.entries, CELLS_PER_PORTION)) {
      await pass(portion.length * microseconds);
      count({});
      for (const entry of portion) {
        use(entry, pack, sumsAt, histogramsAt);
        sumsAt += lengthWithin(stretch, entry[SUMS_LENGTH]);
        histogramsAt += entry[HISTOGRAMS_LENGTH] ?? 0;
      }
    }
  }
}

/**
 * How much of the stretch a cell has whose sums are this long. Without a stretch, and with dense
 * sums, it has everything.
 */
const lengthWithin = (stretch: Stretch | null, sumsLength: number): number =>
  stretch === null || !areDoubles(sumsLength)
    ? sumsLength
    : Math.min(Math.max(sumsLength - stretch.start, 0), stretch.length);

const SUMS_LENGTH = 4;
const HISTOGRAMS_LENGTH = 5;

/** Where folding yields the event loop, and checks whether to continue. */
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
  const addSums = createSumsAdder(measures, stretch);
  await visit(context, { cells, microseconds }, (entry, pack, sumsAt, histogramsAt) => {
    const group = groupFor(entry[1]);
    if (group === null) return;
    const accumulator = groups.accumulator(group, bucketOf(entry[0]));
    accumulator.rowCount += entry[2];
    accumulator.successCount += entry[3];
    addSums(accumulator, pack.sums, sumsAt, sumsAt + lengthWithin(stretch, entry[SUMS_LENGTH]));
    if (pack.histograms !== null) {
      const histograms = pack.histograms.subarray(histogramsAt, histogramsAt + entry[HISTOGRAMS_LENGTH]);
      addHistograms(accumulator, measures, histograms);
    }
  });
}

/** Finds the bucket of an instant. Instants in ascending order cost one comparison each. */
function bucketFinder(boundaries: readonly number[]): (instant: number) => number {
  let current = 0;
  return (instant) => {
    if (instant < (boundaries[current] ?? 0) || instant >= (boundaries[current + 1] ?? 0)) {
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
    if ((boundaries[middle] ?? 0) <= instant) low = middle;
    else high = middle;
  }
  return low;
}

const damaged = (cause: unknown) =>
  new StorageUnavailable('A rollup cell ends within the numbers of a measure.', {
    trouble: 'DAMAGED',
    cause,
  });

/** Adds the sums of a cell, which are bytes of a pack, to the totals. */
type SumsAdder = (accumulator: Accumulator, bytes: Uint8Array, start: number, end: number) => void;

/** @param stretch the part of the sums that is there, as doubles; null: all */
function createSumsAdder(measures: readonly ResolvedMeasure[], stretch: Stretch | null): SumsAdder {
  const reader = createSumsReader();
  const cut = ((stretch?.start ?? 0) / SUMS_BYTES) * SUM_STRIDE;
  const offsets = measures.map(({ sumsPosition }) => sumsPosition * SUM_STRIDE);
  const numbers = new Float64Array(Math.max(0, ...offsets.map((at) => at + SUM_STRIDE)));
  return (accumulator, bytes, start, end) => {
    const length = readSums(reader, bytes.subarray(start, end), numbers);
    const skipped = areDoubles(end - start) ? cut : 0;
    for (let index = 0; index < offsets.length; index++) {
      const at = (offsets[index] ?? 0) - skipped;
      const totals = accumulator.measures[index];
      // A cell that was written before the measure was declared has no numbers for it.
      if (at >= length || totals === undefined) continue;
      totals.count += numbers[at + COUNT] ?? 0;
      totals.sum += numbers[at + SUM] ?? 0;
      totals.min = Math.min(totals.min, numbers[at + MIN] ?? 0);
      totals.max = Math.max(totals.max, numbers[at + MAX] ?? 0);
    }
  };
}

function readSums(reader: SumsReader, bytes: Uint8Array, numbers: Float64Array): number {
  try {
    return reader.read(bytes, 0, bytes.length, numbers);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw damaged(error);
  }
}

function addHistograms(
  accumulator: Accumulator,
  measures: readonly ResolvedMeasure[],
  bytes: Uint8Array,
): void {
  for (let index = 0; index < measures.length; index++) {
    const histogram = accumulator.measures[index]?.histogram ?? null;
    const measure = measures[index];
    if (histogram === null || measure === undefined) continue;
    const slice = histogramSlice(bytes, measure.histogramPosition);
    if (slice !== null) mergeEncoded(histogram, bytes, slice.offset, slice.length);
  }
}
