import type { Dataset } from '../core/dataset/dataset.ts';
import { ROLLUP_GRAINS, ROLLUP_WIDTH_MS, type RollupGrain } from '../core/dataset/rollup-set.ts';
import { type Cell, type EncodedCell, encodeCell, mergeCell } from '../core/rollup/cell.ts';
import {
  bucketStart,
  type CellForm,
  coarsen,
  createFold,
  dimensionSetName,
  type Keyed,
} from '../core/rollup/fold.ts';
import { createCellEncoder } from '../core/rollup/folded-cell.ts';
import { type Horizons, levelName } from '../core/rollup/horizons.ts';
import { DAY_MS } from '../core/time/units.ts';
import { readHorizons } from '../storage/horizons.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import { type CellScope, deleteCells, readCells, replaceCells } from './stored-cells.ts';
import { foldStoredRows, lastRow, projectsOf } from './stored-rows.ts';

type RebuildStore = Pick<Store, 'query' | 'functions' | 'exclusively'>;

export interface RebuildResult {
  readonly rows: number;
  readonly cells: number;
}

/** No one else holds the cells that were read, so the first of a bucket may become the sum. */
const READ: CellForm<Cell> = { copy: (cell) => cell, merge: mergeCell };
/** Later than any bucket. */
const END_OF_TIME = Number.MAX_SAFE_INTEGER;

/** What is rebuilt, and who follows it. */
export interface Rebuild {
  readonly dataset: Dataset;
  readonly projectId: string;
  /** A midnight in UTC: the cells of days from then on are right already. Default: none are. */
  readonly before?: number;
  /**
   * Called in a transaction that locks out appends, when all cells from the instant on are right:
   * before each day, and with null at the end.
   */
  reach?(transaction: QueryBuilder, instant: number | null): Promise<void>;
}

/**
 * Rebuilds the rollups of a dataset in all projects.
 *
 * @param onStep is told after each step how much was rebuilt so far; what it throws ends the work
 */
export async function rebuildRollups(
  store: RebuildStore,
  dataset: Dataset,
  onStep: (total: RebuildResult) => void = () => {},
): Promise<RebuildResult> {
  const total = { rows: 0, cells: 0 };
  for (const projectId of await projectsOf(store.query, dataset)) {
    for await (const { rows, cells } of rebuildDays(store, { dataset, projectId })) {
      total.rows += rows;
      total.cells += cells;
      onStep(total);
    }
  }
  return total;
}

/**
 * Rebuilds the rollups of a project from its events, from the newest day to the oldest, in steps of
 * an hour. Each value is a step. Cells of days before the horizon of the rows, and before the first
 * event, stay: retention has removed their events.
 *
 * Safe while events are recorded: each step is a transaction that locks out appends. An event that
 * arrives between two steps is in the table for the later steps, and its own append adds it to the
 * cells of the finished ones. Day cells are made last, from the hour cells, which are correct by
 * then. Safe while retention runs: horizons move in such a transaction too, before anything is
 * removed, and each step checks them.
 */
export async function* rebuildDays(store: RebuildStore, rebuild: Rebuild): AsyncGenerator<RebuildResult> {
  const { dataset, projectId } = rebuild;
  for (let end = rebuild.before ?? END_OF_TIME; ; ) {
    const day = await nextDay(store, rebuild, end);
    if (day === null) return;
    yield* rebuildDay(store, { dataset, projectId, from: day, to: day + DAY_MS });
    end = day;
  }
}

/**
 * Finds the last day with events before the end, and removes the cells between them.
 *
 * @returns null if there is no event left that retention keeps
 */
function nextDay(
  store: RebuildStore,
  { dataset, projectId, reach }: Rebuild,
  end: number,
): Promise<number | null> {
  return store.exclusively(async (transaction) => {
    const { rows: horizon } = await readHorizons(transaction, projectId, dataset);
    const { functions } = store;
    const before = end === END_OF_TIME ? null : end;
    const last = await lastRow({ functions, transaction }, { dataset, projectId }, before);
    const day = last === null || last < horizon ? null : bucketStart(last, 'DAY');
    const from = day === null ? horizon : day + DAY_MS;
    if (Number.isFinite(from) && from < end)
      await deleteCells(transaction, { dataset, projectId, from, to: end }, ROLLUP_GRAINS);
    await reach?.(transaction, day === null ? null : from);
    return day;
  });
}

const NOTHING: RebuildResult = { rows: 0, cells: 0 };

/**
 * Rebuilds the cells of a day. Safe in the same way as `rebuildDays`: call it also for a day of which a call
 * was ended, or failed.
 */
export async function* rebuildDay(store: RebuildStore, scope: CellScope): AsyncGenerator<RebuildResult> {
  const step = ROLLUP_WIDTH_MS[stepGrain(scope.dataset)];
  for (let from = scope.from; from < scope.to && step < DAY_MS; from += step) {
    const part = { ...scope, from, to: from + step };
    yield await workOnDay(store, scope, async (transaction, thinned) =>
      thinned ? NOTHING : rebuildStep(store, transaction, part),
    );
  }
  yield await workOnDay(store, scope, async (transaction, thinned) =>
    thinned || step === DAY_MS
      ? rebuildStep(store, transaction, scope)
      : { rows: 0, cells: await rebuildCoarser(transaction, scope, step) },
  );
}

type DayWork = (transaction: QueryBuilder, thinned: boolean) => Promise<RebuildResult>;

/**
 * Runs work on a day in a transaction, unless retention has begun to remove the events of that day.
 */
function workOnDay(store: RebuildStore, { dataset, projectId, from }: CellScope, work: DayWork) {
  return store.exclusively(async (transaction) => {
    const horizons = await readHorizons(transaction, projectId, dataset);
    return from < horizons.rows ? NOTHING : work(transaction, isThinned(dataset, horizons, from));
  });
}

/**
 * Whether retention may remove the finer cells that the cells of the day would be made from, even
 * between two steps. Then all cells of the day are made from its rows at once. This happens only
 * where rows are kept longer than hour cells.
 */
function isThinned({ rollups }: Dataset, { cells }: Horizons, day: number): boolean {
  return rollups.some((set) => {
    const finer = set.grains[set.grains.indexOf('DAY') - 1];
    if (finer === undefined) return false;
    const horizon = cells.get(levelName(finer, dimensionSetName(set)));
    return horizon !== undefined && day < horizon;
  });
}

/** HOUR, unless some set has no finer grain than DAY. */
function stepGrain(dataset: Dataset): RollupGrain {
  return dataset.rollups.some(({ grains }) => grains[0] === 'DAY') ? 'DAY' : 'HOUR';
}

/** Makes the cells of one step from its events, in all grains up to the length of the step. */
async function rebuildStep(
  store: RebuildStore,
  transaction: QueryBuilder,
  scope: CellScope,
): Promise<RebuildResult> {
  const fold = createFold(scope.dataset);
  const rows = await foldStoredRows(store, transaction, scope, fold);
  const grains = ROLLUP_GRAINS.filter((grain) => ROLLUP_WIDTH_MS[grain] <= scope.to - scope.from);
  const encoder = createCellEncoder();
  const cells = fold
    .finish()
    .filter(({ grain }) => grains.includes(grain))
    .map(({ cell, ...key }) => ({ ...key, cell: encoder.encode(cell, null) }));
  await replaceCells(transaction, scope, grains, cells);
  return { rows, cells: cells.length };
}

/** Makes the cells that are longer than a step from those of the next finer grain of their set. */
async function rebuildCoarser(transaction: QueryBuilder, scope: CellScope, step: number): Promise<number> {
  const { dataset } = scope;
  const grains = ROLLUP_GRAINS.filter((grain) => ROLLUP_WIDTH_MS[grain] > step);
  const cells: Keyed<EncodedCell>[] = [];
  for (const set of dataset.rollups) {
    for (const [index, grain] of set.grains.entries()) {
      const finer = set.grains[index - 1];
      if (finer === undefined || !grains.includes(grain)) continue;
      const sources = await readCells(transaction, scope, dimensionSetName(set), finer);
      for (const { cell, ...key } of coarsen(sources, grain, READ))
        cells.push({ ...key, cell: encodeCell(cell) });
    }
  }
  await replaceCells(transaction, scope, grains, cells);
  return cells.length;
}
