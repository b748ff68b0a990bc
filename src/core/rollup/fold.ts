import type { ColumnValue } from '../dataset/column.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { ROLLUP_WIDTH_MS, type RollupGrain, type RollupSet } from '../dataset/rollup-set.ts';
import { numberAt, type Row, textAt } from '../dataset/row.ts';
import { type EntityTable, positionOf } from '../dataset/table.ts';
import { defined } from '../defined.ts';
import { valueKey } from '../histogram-encoder.ts';
import { addToSums, SUM_STRIDE } from './cell.ts';
import { createFoldedCell, type FoldedCell, mergeFoldedCell, shareFoldedCell } from './folded-cell.ts';
import { createTupleIndex, type TupleIndex } from './tuple-index.ts';

/**
 * What the rollups need to know about a dataset, as plain data that can be sent to another thread.
 */
export type RollupDeclaration = Pick<EntityTable, 'at'> &
  Pick<Dataset, 'name' | 'timeColumn' | 'measures' | 'histogramMeasures' | 'hasSuccess' | 'rollups'>;

/** The key of a cell in `rollup_cells`, without the dataset and the writer. */
export interface CellKey {
  readonly projectId: string;
  /** Names of the dimensions, joined by commas; empty for the totals. */
  readonly dimensionSet: string;
  readonly grain: RollupGrain;
  /** Start of the bucket in epoch milliseconds. */
  readonly bucket: number;
  /** JSON array of the dimension values in the order of the set. */
  readonly dimensionKey: string;
}

/** A cell in some form, with its key. */
export interface Keyed<AnyCell> extends CellKey {
  readonly cell: AnyCell;
}

/** Folds rows into the cells of every rollup set and grain. */
export interface Fold {
  add(row: Row): void;
  /** The cells of all rows that were added. The fold must not be used afterwards. */
  finish(): Keyed<FoldedCell>[];
}

/** The name under which the cells of a set are stored. */
export const dimensionSetName = (set: RollupSet): string => set.dimensions.join(',');

/** The stored key of a combination of dimension values. */
export const dimensionKeyOf = (values: readonly ColumnValue[]): string => JSON.stringify(values);

/**
 * Start of the bucket that contains the instant. Buckets are in UTC and count from the epoch, so
 * days start at midnight.
 */
export function bucketStart(timestamp: number, grain: RollupGrain): number {
  const width = ROLLUP_WIDTH_MS[grain];
  return Math.floor(timestamp / width) * width;
}

/** Assigns numbers to the distinct values of a column. */
interface Interner {
  readonly column: number;
  readonly numbers: Map<ColumnValue, number>;
  current: number;
}

interface SetFold {
  readonly name: string;
  readonly set: RollupSet;
  /** The finest grain of the set. */
  readonly grain: RollupGrain;
  readonly interners: readonly Interner[];
  /** Assigns numbers to the cells by bucket, project and dimension values. */
  readonly index: TupleIndex;
  readonly finest: Keyed<FoldedCell>[];
}

/**
 * Positions of the values in a row and in a cell, and working memory for the bucket keys of one
 * row's histogram values.
 */
interface MeasurePlan {
  readonly sums: readonly { readonly column: number; readonly at: number }[];
  readonly histogramColumns: readonly number[];
  readonly bucketKeys: number[];
  readonly success: number | null;
}

/** Stands for an absent value: no bucket key is this low. */
const ABSENT = Number.MIN_SAFE_INTEGER;

/**
 * Starts folding rows of one dataset. `add` adds a row at the finest grain of each set. `finish`
 * rolls the cells up into the coarser grains. The cost of this depends on the number of cells, not
 * of rows.
 */
export function createFold(dataset: RollupDeclaration): Fold {
  const interners = new Map<string, Interner>();
  const internerOf = (name: string): Interner => {
    const known = interners.get(name);
    if (known !== undefined) return known;
    const made = { column: positionOf(dataset, name), numbers: new Map(), current: 0 };
    interners.set(name, made);
    return made;
  };
  const project = internerOf('projectId');
  const sets = dataset.rollups.map(
    (set): SetFold => ({
      name: dimensionSetName(set),
      set,
      grain: defined(set.grains[0]),
      interners: set.dimensions.map(internerOf),
      index: createTupleIndex(set.dimensions.length + 2),
      finest: [],
    }),
  );
  const measures = planMeasures(dataset);
  const timestamp = positionOf(dataset, dataset.timeColumn);
  const all = [...interners.values()];

  return {
    add(row) {
      for (const interner of all) intern(interner, row[interner.column] ?? null);
      prepareBucketKeys(measures, row);
      const at = numberAt(row, timestamp);
      for (const set of sets) {
        const cell = finestCell(set, project, row, at, dataset);
        addRow(cell, measures, row);
      }
    },
    finish: () => sets.flatMap(rollUp),
  };
}

/** Folds rows of one dataset into the cells of every rollup set and grain. */
export function foldRows(dataset: RollupDeclaration, rows: Iterable<Row>): Keyed<FoldedCell>[] {
  const fold = createFold(dataset);
  for (const row of rows) fold.add(row);
  return fold.finish();
}

function planMeasures(dataset: RollupDeclaration): MeasurePlan {
  return {
    sums: dataset.measures.map((measure, index) => ({ column: measure.index, at: index * SUM_STRIDE })),
    histogramColumns: dataset.histogramMeasures.map((measure) => measure.index),
    bucketKeys: dataset.histogramMeasures.map(() => ABSENT),
    success: dataset.hasSuccess ? positionOf(dataset, 'success') : null,
  };
}

function intern(interner: Interner, value: ColumnValue): void {
  const known = interner.numbers.get(value);
  if (known !== undefined) {
    interner.current = known;
    return;
  }
  interner.current = interner.numbers.size;
  interner.numbers.set(value, interner.current);
}

/** Computes a logarithm once per value, not once per value and set. */
function prepareBucketKeys(plan: MeasurePlan, row: Row): void {
  let position = 0;
  for (const column of plan.histogramColumns) {
    const value = row[column];
    plan.bucketKeys[position++] = typeof value === 'number' ? valueKey(value) : ABSENT;
  }
}

function finestCell(
  fold: SetFold,
  project: Interner,
  row: Row,
  timestamp: number,
  dataset: RollupDeclaration,
): FoldedCell {
  const { grain, interners, finest, index } = fold;
  const { tuple } = index;
  const bucketNumber = Math.floor(timestamp / ROLLUP_WIDTH_MS[grain]);
  tuple[0] = bucketNumber;
  tuple[1] = project.current;
  let slot = 2;
  for (const { current } of interners) tuple[slot++] = current;
  const known = finest[index.find()];
  if (known !== undefined) return known.cell;
  const cell = createFoldedCell(dataset.measures.length, dataset.histogramMeasures.length);
  finest.push({
    projectId: textAt(row, project.column),
    dimensionSet: fold.name,
    grain,
    bucket: bucketNumber * ROLLUP_WIDTH_MS[grain],
    dimensionKey: dimensionKeyOf(interners.map((interner) => row[interner.column] ?? null)),
    cell,
  });
  return cell;
}

function addRow(cell: FoldedCell, plan: MeasurePlan, row: Row): void {
  cell.rowCount++;
  if (plan.success !== null && row[plan.success] === true) cell.successCount++;
  for (const { column, at } of plan.sums) {
    const value = row[column];
    if (typeof value === 'number') addToSums(cell.sums, at, value);
  }
  let position = 0;
  for (const keys of cell.keys) {
    const key = defined(plan.bucketKeys[position++]);
    if (key !== ABSENT) keys.push(key);
  }
}

const FOLDED: CellForm<FoldedCell> = { copy: shareFoldedCell, merge: mergeFoldedCell };

/** The cells of a set in all its grains. Each grain is computed from the finer one before it. */
function rollUp({ set, finest }: SetFold): Keyed<FoldedCell>[] {
  let finer: readonly Keyed<FoldedCell>[] = finest;
  const cells = [...finer];
  for (const grain of set.grains.slice(1)) {
    finer = coarsen(finer, grain, FOLDED);
    cells.push(...finer);
  }
  return cells;
}

/** How to copy and merge cells of some form. */
export interface CellForm<AnyCell> {
  /** A separate cell with the same content. */
  copy(source: AnyCell): AnyCell;
  merge(target: AnyCell, source: AnyCell): void;
}

/**
 * Merges cells of one set into a coarser grain, in the order in which the coarser cells first
 * appear.
 */
export function coarsen<AnyCell>(
  finer: readonly Keyed<AnyCell>[],
  grain: RollupGrain,
  { copy, merge }: CellForm<AnyCell>,
): Keyed<AnyCell>[] {
  const coarser = new Map<string, Keyed<AnyCell>>();
  for (const keyed of finer) {
    const bucket = bucketStart(keyed.bucket, grain);
    // A project id may contain any character, so its length is part of the key.
    const key = `${bucket},${keyed.projectId.length},${keyed.projectId}${keyed.dimensionKey}`;
    const target = coarser.get(key);
    if (target === undefined) coarser.set(key, { ...keyed, grain, bucket, cell: copy(keyed.cell) });
    else merge(target.cell, keyed.cell);
  }
  return [...coarser.values()];
}
