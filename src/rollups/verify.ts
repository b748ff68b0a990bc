import type { Dataset } from '../core/dataset/dataset.ts';
import type { RollupGrain } from '../core/dataset/rollup-set.ts';
import { defined } from '../core/defined.ts';
import {
  COUNT,
  decodeSums,
  type EncodedCell,
  encodeCell,
  MAX,
  MIN,
  SUM,
  SUM_STRIDE,
} from '../core/rollup/cell.ts';
import { type CellKey, createFold, dimensionSetName, type Keyed } from '../core/rollup/fold.ts';
import { createCellEncoder } from '../core/rollup/folded-cell.ts';
import { cellsHorizon } from '../core/rollup/horizons.ts';
import type { Store } from '../storage/store.ts';
import { type DayInSnapshot, eachDay } from './each-day.ts';
import { readCells } from './stored-cells.ts';
import { foldStoredRows } from './stored-rows.ts';

/** A cell that differs from what its events add up to. */
export interface Difference {
  readonly projectId: string;
  readonly dimensionSet: string;
  readonly grain: RollupGrain;
  readonly bucket: number;
  readonly dimensionKey: string;
  /** What is stored and what the events add up to, in words. */
  readonly problem: string;
}

export interface Verification {
  readonly rows: number;
  readonly cells: number;
  /** How many cells differ. */
  readonly differing: number;
  /** The first of them, at most 100. */
  readonly differences: readonly Difference[];
}

const MAX_REPORTED = 100;
/**
 * Relative tolerance of sums: doubles add up to slightly different sums in different orders.
 * Counts, extremes and histograms must be equal.
 */
const SUM_TOLERANCE = 1e-9;

/**
 * Folds all events of a dataset again and compares the rollups with the result, day by day, each
 * day in one snapshot of the database. It cannot check data that retention has begun to remove:
 * cells before the horizon of the rows or before their own, and cells of days before the first
 * event of a project.
 */
export async function verifyRollups(
  store: Pick<Store, 'query' | 'functions' | 'exclusively'>,
  dataset: Dataset,
): Promise<Verification> {
  let rows = 0;
  let cells = 0;
  let differing = 0;
  const differences: Difference[] = [];
  for await (const day of verifyDays(store, dataset)) {
    rows += day.rows;
    cells += day.cells;
    differing += day.differences.length;
    differences.push(...day.differences.slice(0, MAX_REPORTED - differences.length));
  }
  return { rows, cells, differing, differences };
}

/** The same, day by day, one project after another. */
export async function* verifyDays(
  store: Pick<Store, 'query' | 'functions' | 'exclusively'>,
  dataset: Dataset,
): AsyncGenerator<VerifiedDay> {
  for await (const { value, ...day } of eachDay(store, dataset, (scope) => verifyDay(store, scope)))
    yield { ...value, ...day };
}

/** The result for a day of a project. */
export interface VerifiedDay {
  readonly projectId: string;
  /** The UTC midnight at which the day begins. */
  readonly day: number;
  readonly rows: number;
  readonly cells: number;
  readonly differences: readonly Difference[];
}

async function verifyDay(store: Pick<Store, 'functions'>, { snapshot, horizons, ...scope }: DayInSnapshot) {
  const { functions } = store;
  const fold = createFold(scope.dataset);
  const rows = await foldStoredRows({ ...store, query: snapshot }, scope, fold);
  const encoder = createCellEncoder();
  const expected = fold.finish().map(({ cell, ...key }) => ({ ...key, cell: encoder.encode(cell, null) }));
  const differences: Difference[] = [];
  let cells = 0;
  for (const set of scope.dataset.rollups) {
    for (const grain of set.grains) {
      const name = dimensionSetName(set);
      const isWhole = ({ bucket }: CellKey): boolean => bucket >= cellsHorizon(horizons, name, grain);
      const read = (
        await readCells({ functions, query: snapshot }, scope, { dimensionSet: name, grain })
      ).filter(isWhole);
      const stored = read.map(({ cell, ...key }) => ({ ...key, cell: encodeCell(cell) }));
      const wanted = expected.filter((keyed) => keyed.dimensionSet === name && keyed.grain === grain);
      differences.push(...compare(scope.dataset, stored, wanted.filter(isWhole)));
      cells += stored.length;
    }
  }
  return { rows, cells, differences };
}

function compare(
  dataset: Dataset,
  stored: readonly Keyed<EncodedCell>[],
  wanted: readonly Keyed<EncodedCell>[],
): Difference[] {
  const remaining = new Map(stored.map((keyed) => [keyOf(keyed), keyed]));
  const differences: Difference[] = [];
  for (const keyed of wanted) {
    const found = remaining.get(keyOf(keyed));
    remaining.delete(keyOf(keyed));
    const problem =
      found === undefined
        ? `is missing; there are ${keyed.cell.rowCount} events`
        : differenceOf(dataset, found.cell, keyed.cell);
    if (problem !== null) differences.push(describe(keyed, problem));
  }
  for (const keyed of remaining.values()) {
    differences.push(describe(keyed, `counts ${keyed.cell.rowCount} events; there are none`));
  }
  return differences;
}

const keyOf = ({ bucket, dimensionKey }: CellKey): string => `${bucket} ${dimensionKey}`;

function describe({ cell: _, ...key }: Keyed<EncodedCell>, problem: string): Difference {
  return { ...key, problem };
}

function differenceOf({ measures }: Dataset, stored: EncodedCell, wanted: EncodedCell): string | null {
  if (stored.rowCount !== wanted.rowCount) return `counts ${stored.rowCount} events, not ${wanted.rowCount}`;
  if (stored.successCount !== wanted.successCount) {
    return `counts ${stored.successCount} successes, not ${wanted.successCount}`;
  }
  const storedSums = decodeSums(stored.sums, measures.length);
  const wantedSums = decodeSums(wanted.sums, measures.length);
  for (const [index, measure] of measures.entries()) {
    const at = index * SUM_STRIDE;
    for (const part of [COUNT, SUM, MIN, MAX]) {
      const is = defined(storedSums[at + part]);
      const should = defined(wantedSums[at + part]);
      const tolerance = part === SUM ? SUM_TOLERANCE * Math.max(1, Math.abs(should)) : 0;
      // Compared for equality first: the extremes of no values are infinite, and their difference
      // is NaN.
      if (is !== should && !(Math.abs(is - should) <= tolerance)) {
        return `has ${is} as the ${['count', 'sum', 'minimum', 'maximum'][part]} of ${measure.name}, not ${should}`;
      }
    }
  }
  const equal = Buffer.compare(stored.histograms, wanted.histograms) === 0;
  return equal ? null : 'has a histogram that does not match its events';
}
