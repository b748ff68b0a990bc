import type { Dataset } from '../core/dataset/dataset.ts';
import type { RollupGrain } from '../core/dataset/rollup-set.ts';
import { type Horizons, levelName, NO_HORIZONS } from '../core/rollup/horizons.ts';
import type { QueryBuilder } from './store.ts';

/** From when on the rows, or the cells of a set in a grain, are complete. */
export type Horizon =
  | { readonly source: 'RAW'; readonly instant: number }
  | { readonly source: RollupGrain; readonly dimensionSet: string; readonly instant: number };

/** A dataset in a project. */
export interface ScopeOfHorizons {
  readonly projectId: string;
  readonly dataset: Pick<Dataset, 'name'>;
}

/** Precedes the grain in the source of a level that is being made. */
export const MAKING = 'MAKING ';

/** Reads the current horizons of a dataset in a project. */
export async function readHorizons(
  query: QueryBuilder,
  projectId: string,
  { name }: Pick<Dataset, 'name'>,
): Promise<Horizons> {
  const stored = await query
    .selectFrom('retention_horizons')
    .select(['source', 'dimension_set', 'instant'])
    .where('project_id', '=', projectId)
    .where('dataset', '=', name)
    .orderBy('source')
    .orderBy('dimension_set')
    .execute();
  if (stored.length === 0) return NO_HORIZONS;
  const cells = new Map<string, number>();
  const making = new Map<string, number>();
  let rows = NO_HORIZONS.rows;
  for (const { source, dimension_set: dimensionSet, instant } of stored) {
    if (source === 'RAW') rows = instant;
    else if (source.startsWith(MAKING))
      making.set(levelName(source.slice(MAKING.length), dimensionSet), instant);
    else cells.set(levelName(source, dimensionSet), instant);
  }
  return { rows, cells, making };
}

/**
 * Moves horizons forward; one that is already later stays. Call it in `Store.exclusively` before
 * anything is removed. So cells are rebuilt from rows either before that, or with the new horizon.
 */
export async function raiseHorizons(
  transaction: QueryBuilder,
  { projectId, dataset: { name } }: ScopeOfHorizons,
  horizons: readonly Horizon[],
): Promise<void> {
  if (horizons.length === 0) return;
  const values = horizons.map((horizon) => ({
    project_id: projectId,
    dataset: name,
    source: horizon.source,
    dimension_set: horizon.source === 'RAW' ? '' : horizon.dimensionSet,
    instant: horizon.instant,
  }));
  await transaction
    .insertInto('retention_horizons')
    .values(values)
    .onConflict((conflict) =>
      conflict
        .columns(['project_id', 'dataset', 'source', 'dimension_set'])
        .doUpdateSet((expression) => ({ instant: expression.ref('excluded.instant') }))
        .whereRef('retention_horizons.instant', '<', 'excluded.instant'),
    )
    .execute();
}

/** Reads horizons for questions. `known` costs nothing, `read` costs a small statement. */
export interface HorizonReader {
  /** The horizons as of their last reading. */
  known(projectId: string, dataset: Pick<Dataset, 'name'>): Promise<Horizons>;
  /** The current horizons. */
  read(projectId: string, dataset: Pick<Dataset, 'name'>): Promise<Horizons>;
}

/**
 * @param isReplica whether a replica answers the current caller: it may not have the horizons of
 *   the primary yet
 */
export function createHorizonReader(query: QueryBuilder, isReplica = () => false): HorizonReader {
  const remembered = new Map<string, Horizons>();
  const nameOf = (projectId: string, { name }: Pick<Dataset, 'name'>) =>
    JSON.stringify([projectId, name, isReplica()]);

  async function read(projectId: string, dataset: Pick<Dataset, 'name'>): Promise<Horizons> {
    const found = await readHorizons(query, projectId, dataset);
    remembered.set(nameOf(projectId, dataset), found);
    return found;
  }

  return {
    known: async (projectId, dataset) =>
      remembered.get(nameOf(projectId, dataset)) ?? read(projectId, dataset),
    read,
  };
}
