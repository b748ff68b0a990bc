import { batchesOf } from '../core/batches.ts';
import type { RollupGrain } from '../core/dataset/rollup-set.ts';
import type { EncodedCell } from '../core/rollup/cell.ts';
import { type CellKey, dimensionSetName } from '../core/rollup/fold.ts';
import type { Horizons } from '../core/rollup/horizons.ts';
import { readHorizons } from '../storage/horizons.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import { changesSince, type Mark, readMark } from './changes.ts';
import { createMadeCells, type MadeCells } from './made-cells.ts';
import { type CellScope, keyOfCell, readStoredCells, replaceCells } from './stored-cells.ts';
import { arrivedRows, ROWS_PER_PAGE } from './stored-rows.ts';

export type RebuildStore = Pick<Store, 'query' | 'functions' | 'exclusively' | 'reading'>;

export interface RebuildResult {
  readonly rows: number;
  readonly cells: number;
}

/** Some cells of a day, and the source that they are made from. */
export interface Plan {
  readonly scope: CellScope;
  readonly grains: readonly RollupGrain[];
  /**
   * Makes the cells in a snapshot of the database.
   *
   * @returns how many events were read
   */
  fill(snapshot: QueryBuilder, cells: MadeCells): Promise<number>;
}

/** Events wait for such a transaction, some milliseconds. */
const CELLS_PER_TRANSACTION = 250;
const NOTHING: RebuildResult = { rows: 0, cells: 0 };

/**
 * Remakes cells of a day while events are recorded. It makes them in a snapshot, so that nobody
 * waits. Then it replaces those that differ from the stored ones, in short transactions that lock
 * out appends. Each transaction first adds the events that have arrived since the snapshot. If
 * events were corrected or removed meanwhile, it begins again. It stops if retention has begun to
 * remove the events of the day, or if the project is being removed.
 *
 * @param plan is asked in the snapshot, with its horizons; null: there is nothing to make
 */
export async function makeCells(
  store: RebuildStore,
  day: CellScope,
  plan: (horizons: Horizons) => Plan | null,
): Promise<RebuildResult> {
  for (;;) {
    const made = await inSnapshot(store, (snapshot) =>
      makeInSnapshot({ ...store, query: snapshot }, day, plan),
    );
    if (made === null) return NOTHING;
    if (await replaceDiffering(store, made)) return { rows: made.rows, cells: made.cells.size };
  }
}

/** Cells that were made from a snapshot. */
interface Made {
  readonly plan: Plan;
  /** The start of the day. */
  readonly day: number;
  readonly cells: MadeCells;
  readonly rows: number;
  /**
   * The keys of the cells that differ from the stored ones. All others stay correct through
   * appends.
   */
  readonly differing: readonly CellKey[];
  /** The mark of the snapshot, except that its arrivals are those that the cells have by now. */
  mark: Mark;
}

/**
 * On a connection that leaves the others to questions. Where no snapshot shows the events of all
 * nodes at one moment, appends wait for the end of the work.
 */
const inSnapshot = <Value>(
  { query, functions, reading, exclusively }: RebuildStore,
  work: (snapshot: QueryBuilder) => Promise<Value>,
): Promise<Value> =>
  functions.isSpread
    ? exclusively(work)
    : reading({ kind: 'APART' }, () =>
        query.transaction().setAccessMode('read only').setIsolationLevel('repeatable read').execute(work),
      );

async function makeInSnapshot(
  store: RebuildStore,
  { dataset, projectId, from: day }: CellScope,
  toPlan: (horizons: Horizons) => Plan | null,
): Promise<Made | null> {
  const horizons = await readHorizons(store.query, projectId, dataset);
  const plan = day < horizons.rows ? null : toPlan(horizons);
  if (plan === null) return null;
  const cells = createMadeCells(dataset, plan.grains, store.functions.cellSums);
  const mark = await readMark(store, store.query, dataset);
  const rows = await plan.fill(store.query, cells);
  const differing = await differingKeys(store, plan, cells);
  return { plan, day, cells, rows, mark, differing };
}

async function differingKeys(
  store: Pick<Store, 'query' | 'functions'>,
  { scope, grains }: Plan,
  cells: MadeCells,
): Promise<CellKey[]> {
  const levels = scope.dataset.rollups.flatMap((set) =>
    set.grains
      .filter((grain) => grains.includes(grain))
      .map((grain) => ({ dimensionSet: dimensionSetName(set), grain })),
  );
  const same = new Set<string>();
  const differing = new Map<string, CellKey>();
  for (const { cell, ...cellKey } of await readStoredCells(store, scope, levels)) {
    const key = keyOfCell(cellKey);
    const made = cells.get(key);
    // If a cell has several writers, each row is only a part of it.
    const isPart = same.delete(key) || differing.has(key);
    if (!isPart && made !== undefined && isEqual(cell, made.cell)) same.add(key);
    else differing.set(key, cellKey);
  }
  for (const [key, { cell: _, ...cellKey }] of cells) if (!same.has(key)) differing.set(key, cellKey);
  return [...differing.values()];
}

const isEqual = (one: EncodedCell, other: EncodedCell): boolean =>
  one.rowCount === other.rowCount &&
  one.successCount === other.successCount &&
  Buffer.compare(one.sums, other.sums) === 0 &&
  Buffer.compare(one.histograms, other.histograms) === 0;

/** @returns false if what was made no longer holds */
async function replaceDiffering(store: RebuildStore, made: Made): Promise<boolean> {
  for (const keys of batchesOf(made.differing, CELLS_PER_TRANSACTION)) {
    // Done first, so that little is left for the transaction.
    while (
      (await inSnapshot(store, (snapshot) => addArrived({ ...store, query: snapshot }, made))) > ROWS_PER_PAGE
    );
    const outcome = await store.exclusively((transaction) =>
      replaceSome({ ...store, query: transaction }, made, keys),
    );
    if (outcome !== 'REPLACED') return outcome === 'OVER';
  }
  return true;
}

async function replaceSome(
  store: RebuildStore,
  made: Made,
  keys: readonly CellKey[],
): Promise<'REPLACED' | 'CHANGED' | 'OVER'> {
  const { scope } = made.plan;
  const horizons = await readHorizons(store.query, scope.projectId, scope.dataset);
  const { isChanged, isRemoved } = await changesSince(store.query, scope, made.mark);
  if (isRemoved || made.day < horizons.rows) return 'OVER';
  if (isChanged) return 'CHANGED';
  await addArrived(store, made);
  const cells = keys.flatMap((key) => made.cells.get(keyOfCell(key)) ?? []);
  await replaceCells({ ...store, transaction: store.query }, scope, { keys, cells });
  return 'REPLACED';
}

/**
 * Adds the events that have arrived since.
 *
 * @returns how many
 */
async function addArrived(store: Pick<Store, 'functions' | 'query'>, made: Made): Promise<number> {
  const { scope } = made.plan;
  const mark = await readMark(store, store.query, scope.dataset);
  const rows = await arrivedRows(store, scope, made.mark.arrivals);
  made.cells.add(rows);
  // Corrections and removals still count from the snapshot on.
  made.mark = { ...made.mark, arrivals: mark.arrivals };
  return rows.length;
}
