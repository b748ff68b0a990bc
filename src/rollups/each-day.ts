import type { Dataset } from '../core/dataset/dataset.ts';
import { bucketStart, dimensionSetName } from '../core/rollup/fold.ts';
import type { Horizons } from '../core/rollup/horizons.ts';
import { DAY_MS } from '../core/time/units.ts';
import { readHorizons } from '../storage/horizons.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import type { CellScope } from './stored-cells.ts';
import { projectsOf, spanOfRows } from './stored-rows.ts';

/** A day of a project, in one snapshot of the database. */
export interface DayInSnapshot extends CellScope {
  readonly snapshot: QueryBuilder;
  readonly horizons: Horizons;
}

const END_OF_TIME = Number.MAX_SAFE_INTEGER;

/**
 * Does work on each day of a dataset that has events or cells, from the horizon of the rows on, one
 * project after another. Events may be recorded meanwhile: each day is one snapshot.
 */
export async function* eachDay<Value>(
  store: Pick<Store, 'query' | 'functions' | 'exclusively'>,
  dataset: Dataset,
  work: (day: DayInSnapshot) => Promise<Value>,
): AsyncGenerator<{ readonly projectId: string; readonly day: number; readonly value: Value }> {
  for (const projectId of await projectsOf(store.query, dataset)) {
    for (let day = await firstDay(store, dataset, projectId); day < END_OF_TIME; ) {
      const found = await inSnapshot(store, { dataset, projectId, from: day, to: day + DAY_MS }, work);
      if (found.value !== null) yield { projectId, day, value: found.value };
      day = found.nextDay;
    }
  }
}

async function firstDay(
  { query }: Pick<Store, 'query'>,
  dataset: Dataset,
  projectId: string,
): Promise<number> {
  const span = await spanOfRows(query, dataset, projectId);
  if (span === null) return END_OF_TIME;
  const { rows: horizon } = await readHorizons(query, projectId, dataset);
  return Math.max(bucketStart(span.first, 'DAY'), horizon);
}

/** The value is null if the horizon has moved since the day was chosen. */
function inSnapshot<Value>(
  store: Pick<Store, 'query' | 'functions' | 'exclusively'>,
  scope: CellScope,
  work: (day: DayInSnapshot) => Promise<Value>,
): Promise<{ readonly value: Value | null; readonly nextDay: number }> {
  const inOne = async (snapshot: QueryBuilder) => {
    const horizons = await readHorizons(snapshot, scope.projectId, scope.dataset);
    if (scope.from < horizons.rows) return { value: null, nextDay: horizons.rows };
    const value = await work({ ...scope, snapshot, horizons });
    return { value, nextDay: await nextDay(store, snapshot, scope) };
  };
  if (store.functions.isSpread) return store.exclusively(inOne);
  return store.query
    .transaction()
    .setAccessMode('read only')
    .setIsolationLevel('repeatable read')
    .execute(inOne);
}

async function nextDay(
  store: Pick<Store, 'functions'>,
  snapshot: QueryBuilder,
  { dataset, projectId, to }: CellScope,
): Promise<number> {
  const { next: row } = await snapshot
    .selectFrom(dataset.table)
    .select((expression) => expression.fn.min('timestamp').as('next'))
    .where('project_id', '=', projectId)
    .where('timestamp', '>=', store.functions.instant(to))
    .executeTakeFirstOrThrow();
  // One index seek per level. A single statement for all of them would read every cell.
  const ofDataset = snapshot
    .selectFrom('rollup_cells')
    .select((expression) => expression.fn.min<number | null>('bucket').as('next'))
    .where('project_id', '=', projectId)
    .where('dataset', '=', dataset.name)
    .where('bucket', '>=', to);
  const levels = dataset.rollups.flatMap((set) =>
    set.grains.map((grain) =>
      ofDataset.where('dimension_set', '=', dimensionSetName(set)).where('grain', '=', grain),
    ),
  );
  const cells = await snapshot
    .selectNoFrom(levels.map((level, index) => level.as(`level${index}`)))
    .executeTakeFirstOrThrow();
  const buckets = Object.values(cells).flatMap((bucket) => (bucket === null ? [] : [Number(bucket)]));
  const next = Math.min(row ?? END_OF_TIME, ...buckets);
  return next === END_OF_TIME ? END_OF_TIME : bucketStart(next, 'DAY');
}
