import { type Dataset, ROLLUP_GRAINS, ROLLUP_WIDTH_MS, type RollupGrain } from '../core/dataset/dataset.ts';
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
import type { QueryBuilder, Store } from '../storage/store.ts';
import { type CellScope, deleteCells, readCells, replaceCells } from './stored-cells.ts';
import { foldStoredRows, projectsOf, spanOfRows } from './stored-rows.ts';

type RebuildStore = Pick<Store, 'query' | 'functions' | 'exclusively'>;

export interface RebuildResult {
  readonly rows: number;
  readonly cells: number;
}

/** Cells that were read are nobody else's: the first of a bucket may become the sum. */
const READ: CellForm<Cell> = { copy: (cell) => cell, merge: mergeCell };
const DAY_MS = ROLLUP_WIDTH_MS.DAY;
/** Later than any bucket. */
const END_OF_TIME = Number.MAX_SAFE_INTEGER;

/**
 * Makes the rollups of a dataset anew from its events, in steps of one hour of one project. Cells of days before the first
 * event stay: their events were removed by retention, which removes whole days.
 *
 * Safe while events come in: each step is a transaction that locks appends out. An event that comes between the steps is
 * in the table for the steps to come, and its own append adds it to the cells of the steps done; day cells are made last,
 * from the hour cells, which are right by then.
 */
export async function rebuildRollups(store: RebuildStore, dataset: Dataset): Promise<RebuildResult> {
  let rows = 0;
  let cells = 0;
  for (const projectId of await projectsOf(store.query, dataset)) {
    const span = await removeBeyond(store, dataset, projectId);
    if (span === null) continue;
    for (let day = bucketStart(span.first, 'DAY'); day <= span.last; day += DAY_MS) {
      const result = await rebuildDay(store, { dataset, projectId, from: day, to: day + DAY_MS });
      rows += result.rows;
      cells += result.cells;
    }
  }
  return { rows, cells };
}

/** Removes the cells after the last event's day; all cells where there is no event at all. Answers the span of the events. */
function removeBeyond(
  store: RebuildStore,
  dataset: Dataset,
  projectId: string,
): ReturnType<typeof spanOfRows> {
  return store.exclusively(async (transaction) => {
    const span = await spanOfRows(transaction, dataset, projectId);
    if (span === null) return null;
    const from = bucketStart(span.last, 'DAY') + DAY_MS;
    await deleteCells(transaction, { dataset, projectId, from, to: END_OF_TIME }, ROLLUP_GRAINS);
    return span;
  });
}

async function rebuildDay(store: RebuildStore, scope: CellScope): Promise<RebuildResult> {
  const { dataset } = scope;
  const step = ROLLUP_WIDTH_MS[stepGrain(dataset)];
  let rows = 0;
  let cells = 0;
  for (let from = scope.from; from < scope.to; from += step) {
    const result = await store.exclusively((transaction) =>
      rebuildStep(store, transaction, { ...scope, from, to: from + step }),
    );
    rows += result.rows;
    cells += result.cells;
  }
  cells += await store.exclusively((transaction) => rebuildCoarser(transaction, scope, step));
  return { rows, cells };
}

/** Hours, unless some set has nothing finer than days. */
function stepGrain(dataset: Dataset): RollupGrain {
  return dataset.rollups.some(({ grains }) => grains[0] === 'DAY') ? 'DAY' : 'HOUR';
}

/** Makes the cells of one step from its events, in all grains that are no wider than the step. */
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

/** Makes the cells that are wider than a step from those of the next finer grain of their set. */
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
