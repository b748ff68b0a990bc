import type { Dataset } from '../core/dataset/dataset.ts';
import { ROLLUP_GRAINS, ROLLUP_WIDTH_MS, type RollupGrain } from '../core/dataset/rollup-set.ts';
import { type Cell, encodeCell, mergeCell } from '../core/rollup/cell.ts';
import { bucketStart, type CellForm, coarsen, dimensionSetName } from '../core/rollup/fold.ts';
import { type Horizons, levelName } from '../core/rollup/horizons.ts';
import { DAY_MS } from '../core/time/units.ts';
import { readHorizons } from '../storage/horizons.ts';
import type { QueryBuilder } from '../storage/store.ts';
import { makeCells, type Plan, type RebuildResult, type RebuildStore } from './make-cells.ts';
import { type CellScope, deleteCells, readCells } from './stored-cells.ts';
import { lastRow, pagesOf, projectsOf, rolledUpColumns } from './stored-rows.ts';

/** Nobody else holds the cells that were read, so the first of a bucket may become the sum. */
const READ: CellForm<Cell> = { copy: (cell) => cell, merge: mergeCell };
/** Later than any bucket. */
const END_OF_TIME = Number.MAX_SAFE_INTEGER;

/** What to rebuild, and who follows the progress. */
export interface Rebuild {
  readonly dataset: Dataset;
  readonly projectId: string;
  /** A UTC midnight: the cells of days from then on are already correct. Default: none are. */
  readonly before?: number;
  /**
   * Called in a transaction that locks out appends, when all cells from the instant on are correct:
   * before each day, and with null at the end.
   */
  reach?(transaction: QueryBuilder, instant: number | null): Promise<void>;
}

/**
 * Rebuilds the rollups of a dataset in all projects.
 *
 * @param onStep called after each step with what was rebuilt so far; an error that it throws ends
 *   the work
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
 * event, stay, because retention has removed their events.
 *
 * Safe while events are recorded: each step ends with transactions that lock out appends and add
 * what has arrived since its cells were made (`makeCells`). An event that arrives between two steps
 * is in the table for the later steps, and its own append adds it to the cells of the finished
 * ones. Day cells are made last, from the hour cells, which are correct by then. Safe while
 * retention runs: horizons move in such a transaction too, before anything is removed, and each
 * transaction here checks them.
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
 * Finds the last day with events before the end, and removes the cells between that day and the
 * end.
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

/**
 * Rebuilds the cells of a day. As safe as `rebuildDays`: it may be called again for a day on which
 * a call failed or was ended.
 */
export async function* rebuildDay(store: RebuildStore, day: CellScope): AsyncGenerator<RebuildResult> {
  const step = ROLLUP_WIDTH_MS[stepGrain(day.dataset)];
  for (let from = day.from; from < day.to && step < DAY_MS; from += step) {
    const hour = { ...day, from, to: from + step };
    yield await makeCells(store, day, (horizons) =>
      isThinned(day.dataset, horizons, day.from) ? null : fromRows(store, hour),
    );
  }
  yield await makeCells(store, day, (horizons) =>
    step === DAY_MS || isThinned(day.dataset, horizons, day.from)
      ? fromRows(store, day)
      : fromFinerCells(store, day, step),
  );
}

/**
 * Whether retention may remove the finer cells from which the cells of the day would be made, even
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

/** The cells of a scope in all grains up to its length, made from its events. */
function fromRows(store: RebuildStore, scope: CellScope): Plan {
  const columns = rolledUpColumns(scope.dataset);
  return {
    scope,
    grains: ROLLUP_GRAINS.filter((grain) => ROLLUP_WIDTH_MS[grain] <= scope.to - scope.from),
    async fill(snapshot, cells) {
      let total = 0;
      for await (const rows of pagesOf({ ...store, query: snapshot }, scope, columns)) {
        cells.add(rows);
        total += rows.length;
      }
      return total;
    },
  };
}

/** The cells that are longer than a step, made from those of the next finer grain of their set. */
function fromFinerCells({ functions }: RebuildStore, scope: CellScope, step: number): Plan {
  const grains = ROLLUP_GRAINS.filter((grain) => ROLLUP_WIDTH_MS[grain] > step);
  return {
    scope,
    grains,
    async fill(snapshot, cells) {
      for (const set of scope.dataset.rollups) {
        for (const [index, grain] of set.grains.entries()) {
          const finer = set.grains[index - 1];
          if (finer === undefined || !grains.includes(grain)) continue;
          const level = { dimensionSet: dimensionSetName(set), grain: finer };
          const sources = await readCells({ functions, query: snapshot }, scope, level);
          for (const { cell, ...key } of coarsen(sources, grain, READ))
            cells.put({ ...key, cell: encodeCell(cell, functions.cellSums) });
        }
      }
      return 0;
    },
  };
}
