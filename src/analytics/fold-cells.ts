import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ColumnValue } from '../core/dataset/column.ts';
import { mergeEncoded } from '../core/encoded-histogram.ts';
import { COUNT, histogramSlice, MAX, MIN, SUM, SUM_STRIDE } from '../core/rollup/cell.ts';
import { StorageUnavailable } from '../storage/errors.ts';
import {
  type Accumulator,
  countOf,
  type GroupCount,
  type Groups,
  type MeasureTotals,
} from './accumulator.ts';
import type { CellEntry, CellPack, Cells } from './cells.ts';
import type { ResolvedMeasure } from './measures.ts';
import type { QuerySpec } from './spec.ts';

/**
 * Number of cells to fold before other work gets its turn: about five milliseconds with histograms.
 */
const CELLS_PER_TURN = 2_000;
const BYTES_PER_DOUBLE = 8;

/**
 * Counts the rows of each group from the cells, to choose the top N before anything is added up.
 */
export async function countCells(cells: Cells, counts: Map<string, GroupCount>): Promise<void> {
  const countFor = remembered(cells, (values) => countOf(counts, values));
  await visit(cells, ([, key, rowCount]) => {
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

/** Calls `use` for each cell, with the positions of its bytes. Lets other work run in between. */
async function visit(
  { packs }: Cells,
  use: (entry: CellEntry, pack: CellPack, sumsAt: number, histogramsAt: number) => void,
): Promise<void> {
  let visited = 0;
  for (const pack of packs) {
    let sumsAt = 0;
    let histogramsAt = 0;
    for (const entry of pack.entries) {
      if (++visited % CELLS_PER_TURN === 0) await nextTurn();
      use(entry, pack, sumsAt, histogramsAt);
      sumsAt += entry[SUMS_LENGTH];
      histogramsAt += entry[HISTOGRAMS_LENGTH] ?? 0;
    }
  }
}

const SUMS_LENGTH = 4;
const HISTOGRAMS_LENGTH = 5;

/** Adds each cell to its group and bucket. */
export async function foldCells(
  cells: Cells,
  spec: QuerySpec,
  measures: readonly ResolvedMeasure[],
  groups: Groups,
): Promise<void> {
  const bucketOf = bucketFinder(spec.boundaries);
  const groupFor = remembered(cells, (values) => groups.of(values));
  await visit(cells, (entry, pack, sumsAt, histogramsAt) => {
    const group = groupFor(entry[1]);
    if (group === null) return;
    const accumulator = groups.accumulator(group, bucketOf(entry[0]));
    accumulator.rowCount += entry[2];
    accumulator.successCount += entry[3];
    addSums(accumulator, measures, pack.sums, sumsAt, sumsAt + entry[SUMS_LENGTH]);
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

function addSums(
  accumulator: Accumulator,
  measures: readonly ResolvedMeasure[],
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  if ((end - start) % (SUM_STRIDE * BYTES_PER_DOUBLE) !== 0) {
    throw new StorageUnavailable('A rollup cell ends within the numbers of a measure.', {
      trouble: 'DAMAGED',
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 0; index < measures.length; index++) {
    const { sumsPosition } = measures[index] as ResolvedMeasure;
    const totals = accumulator.measures[index] as MeasureTotals;
    const at = start + sumsPosition * SUM_STRIDE * BYTES_PER_DOUBLE;
    // A cell that was written before the measure was declared has no numbers of it.
    if (at >= end) continue;
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
