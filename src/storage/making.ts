import type { Dataset } from '../core/dataset/dataset.ts';
import { ROLLUP_GRAINS, type RollupGrain } from '../core/dataset/rollup-set.ts';
import { levelOf } from '../core/rollup/horizons.ts';
import { MAKING, raiseHorizons, readHorizons, type ScopeOfHorizons } from './horizons.ts';
import type { QueryBuilder } from './store.ts';

// Which cells are being made from the rows of a project, and how far that has come. Stored beside
// the horizons, so that one statement reads both.

const sourceOf = (grain: RollupGrain): string => `${MAKING}${grain}`;
const SOURCES = ROLLUP_GRAINS.map(sourceOf);

/** Cells of a set in a grain. */
interface Level {
  readonly dimensionSet: string;
  readonly grain: RollupGrain;
}

/** Notes that the cells of these levels are made from the instant on, and no earlier ones. */
export async function beginMaking(
  transaction: QueryBuilder,
  { projectId, dataset }: ScopeOfHorizons,
  { levels, instant }: { readonly levels: readonly Level[]; readonly instant: number },
): Promise<void> {
  if (levels.length === 0) return;
  const values = levels.map(({ grain, dimensionSet }) => ({
    ...{ project_id: projectId, dataset: dataset.name, instant },
    ...{ source: sourceOf(grain), dimension_set: dimensionSet },
  }));
  await transaction
    .insertInto('retention_horizons')
    .values(values)
    .onConflict((conflict) =>
      conflict
        .columns(['project_id', 'dataset', 'source', 'dimension_set'])
        .doUpdateSet((expression) => ({ instant: expression.ref('excluded.instant') })),
    )
    .execute();
}

/** The dimension sets of a dataset whose cells are being made, by project. */
export async function readMaking(
  query: QueryBuilder,
  { name }: Pick<Dataset, 'name'>,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const stored = await query
    .selectFrom('retention_horizons')
    .select(['project_id', 'dimension_set'])
    .where('dataset', '=', name)
    .where('source', 'in', SOURCES)
    .orderBy('project_id')
    .execute();
  const found = new Map<string, Set<string>>();
  for (const { project_id: projectId, dimension_set: dimensionSet } of stored) {
    found.set(projectId, (found.get(projectId) ?? new Set()).add(dimensionSet));
  }
  return found;
}

/** The names of the datasets whose cells are being made. */
export async function datasetsInMaking(query: QueryBuilder): Promise<ReadonlySet<string>> {
  const stored = await query
    .selectFrom('retention_horizons')
    .select('dataset')
    .distinct()
    .where('source', 'in', SOURCES)
    .execute();
  return new Set(stored.map(({ dataset }) => dataset));
}

/** Notes that the cells of all levels that are being made exist from the instant on. */
export async function reachInMaking(
  transaction: QueryBuilder,
  { projectId, dataset }: ScopeOfHorizons,
  instant: number,
): Promise<void> {
  await transaction
    .updateTable('retention_horizons')
    .set({ instant })
    .where('project_id', '=', projectId)
    .where('dataset', '=', dataset.name)
    .where('source', 'in', SOURCES)
    .execute();
}

/**
 * Notes that all cells that are being made exist as far as there are rows. If retention has removed
 * rows, the cells begin where the rows begin, or at the point where the last cells were made.
 * Without such a horizon, they would seem to say that nothing happened before.
 */
export async function endMaking(transaction: QueryBuilder, scope: ScopeOfHorizons): Promise<void> {
  const { projectId, dataset } = scope;
  const { rows, making } = await readHorizons(transaction, projectId, dataset);
  if (Number.isFinite(rows)) {
    const begun = [...making].map(([level, instant]) => {
      const { grain, dimensionSet } = levelOf(level);
      return { source: grain as RollupGrain, dimensionSet, instant: Math.min(rows, instant) };
    });
    await raiseHorizons(transaction, scope, begun);
  }
  await transaction
    .deleteFrom('retention_horizons')
    .where('project_id', '=', projectId)
    .where('dataset', '=', dataset.name)
    .where('source', 'in', SOURCES)
    .execute();
}
