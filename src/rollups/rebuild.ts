import { type Dataset, ROLLUP_WIDTH_MS, type RollupGrain, type RollupSet } from '../core/dataset/dataset.ts';
import { bucketStart, coarsen, createFold, dimensionSetName, type KeyedCell } from '../core/rollup/fold.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import { type CellScope, deleteCells, readCells, replaceCells } from './stored-cells.ts';
import { foldStoredRows, projectsOf, spanOfRows } from './stored-rows.ts';

type RebuildStore = Pick<Store, 'query' | 'functions' | 'exclusively'>;

export interface RebuildResult {
  readonly rows: number;
  readonly cells: number;
}

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
    await deleteCells(transaction, { dataset, projectId, from, to: END_OF_TIME });
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
  const { dataset, projectId, from, to } = scope;
  const fold = createFold(dataset);
  const rows = await foldStoredRows(store, transaction, dataset, projectId, scope, fold);
  const folded = fold.finish();
  let cells = 0;
  for (const { set, grain } of levels(dataset, (width) => width <= to - from)) {
    const name = dimensionSetName(set);
    const own = folded.filter((keyed) => keyed.dimensionSet === name && keyed.grain === grain);
    await replaceCells(transaction, scope, name, grain, own);
    cells += own.length;
  }
  return { rows, cells };
}

/** Makes the cells that are wider than a step from those of the next finer grain. */
async function rebuildCoarser(transaction: QueryBuilder, scope: CellScope, step: number): Promise<number> {
  const { dataset } = scope;
  let cells = 0;
  for (const { set, grain, finer } of levels(dataset, (width) => width > step)) {
    const name = dimensionSetName(set);
    const own: KeyedCell[] = coarsen(await readCells(transaction, scope, name, finer), grain, dataset);
    await replaceCells(transaction, scope, name, grain, own);
    cells += own.length;
  }
  return cells;
}

interface Level {
  readonly set: RollupSet;
  readonly grain: RollupGrain;
  /** The grain before in the set; the grain itself when it is the finest. */
  readonly finer: RollupGrain;
}

function levels({ rollups }: Dataset, accepts: (width: number) => boolean): Level[] {
  return rollups
    .flatMap((set) =>
      set.grains.map((grain, index) => ({ set, grain, finer: set.grains[index - 1] ?? grain })),
    )
    .filter(({ grain }) => accepts(ROLLUP_WIDTH_MS[grain]));
}
