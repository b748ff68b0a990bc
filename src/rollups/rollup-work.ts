import type { Dataset } from '../core/dataset/dataset.ts';
import { ROLLUP_GRAINS, type RollupGrain } from '../core/dataset/rollup-set.ts';
import { inRotation } from '../core/in-rotation.ts';
import { dimensionSetName } from '../core/rollup/fold.ts';
import { levelName } from '../core/rollup/horizons.ts';
import { readHorizons } from '../storage/horizons.ts';
import { datasetsInMaking, endMaking, reachInMaking, readMaking } from '../storage/making.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import { isSame, layoutOf, readLayouts, storeLayouts } from './layout.ts';
import type { RebuildStore } from './make-cells.ts';
import { rebuildDays } from './rebuild.ts';
import { projectsOf } from './stored-rows.ts';

/** Brings the cells in line with the declarations, as `ensureRollups` has noted. */
export interface RollupWork {
  /**
   * Makes the levels that are new, from the newest day to the oldest, then removes those that are
   * no longer declared. The projects take turns. The next run continues a run that was ended.
   *
   * @param shouldContinue is asked before each step
   * @returns what was done, for each dataset that needed work
   */
  run(shouldContinue?: () => Promise<boolean>): Promise<RollupsDone[]>;
}

export interface RollupsDone {
  readonly dataset: string;
  /** The number of events that were read. */
  readonly rows: number;
  /** The number of cells that were made. */
  readonly cells: number;
  readonly removedCells: number;
}

export interface RollupWorkOptions {
  readonly store: RebuildStore;
  readonly datasets: readonly Dataset[];
  /** Cells per transaction when cells are removed. Events wait for it. Default: 2,000. */
  readonly batchSize?: number;
}

type Counted = { -readonly [Name in keyof RollupsDone]: RollupsDone[Name] };

const DEFAULT_BATCH_SIZE = 2_000;

export function createRollupWork(options: RollupWorkOptions): RollupWork {
  const { store, datasets, batchSize = DEFAULT_BATCH_SIZE } = options;

  /** Each value is a step. */
  async function* makeOf(
    dataset: Dataset,
    { projectId, sets }: { readonly projectId: string; readonly sets: ReadonlySet<string> },
    done: Counted,
  ): AsyncGenerator<void> {
    const { making } = await readHorizons(store.query, projectId, dataset);
    const rollups = dataset.rollups.filter((set) => sets.has(dimensionSetName(set)));
    const scope = { projectId, dataset: { ...dataset, rollups } };
    const steps = rebuildDays(store, {
      ...scope,
      before: Math.max(...making.values()),
      reach: (transaction, instant) =>
        instant === null ? endMaking(transaction, scope) : reachInMaking(transaction, scope, instant),
    });
    for await (const { rows, cells } of steps) {
      done.rows += rows;
      done.cells += cells;
      yield;
    }
  }

  /** Removes the cells of a project that are no longer declared. */
  async function* tidyOf(dataset: Dataset, projectId: string, done: Counted): AsyncGenerator<void> {
    const { levels } = layoutOf(dataset);
    for (const dimensionSet of await storedSets(store.query, dataset, projectId)) {
      for (const grain of ROLLUP_GRAINS) {
        if (levels.includes(levelName(grain, dimensionSet))) continue;
        const batch = { projectId, dataset, dimensionSet, grain, limit: batchSize };
        for (let removed = batchSize; removed === batchSize; ) {
          removed = await store.exclusively((transaction) => removeBatch({ ...store, transaction }, batch));
          done.removedCells += removed;
          yield;
        }
      }
    }
  }

  async function withWork(): Promise<Dataset[]> {
    const layouts = await readLayouts(store.query);
    const inMaking = await datasetsInMaking(store.query);
    return datasets.filter(({ name }) => inMaking.has(name) || layouts.get(name)?.untidy);
  }

  return {
    async run(shouldContinue = async () => true) {
      const all: RollupsDone[] = [];
      let continues = true;
      async function* whileAllowed(steps: AsyncIterator<void>): AsyncGenerator<void> {
        for (;;) {
          continues &&= await shouldContinue();
          if (!continues || (await steps.next()).done) return;
          yield;
        }
      }
      for (const dataset of await withWork()) {
        if (!continues) break;
        const done = { dataset: dataset.name, rows: 0, cells: 0, removedCells: 0 };
        const layout = (await readLayouts(store.query)).get(dataset.name);
        // Another version has started since. Its server does the work, with its own declarations.
        if (layout !== undefined && !isSame(layout, layoutOf(dataset))) continue;
        const making = await readMaking(store.query, dataset);
        await inRotation(
          [...making].map(([projectId, sets]) => whileAllowed(makeOf(dataset, { projectId, sets }, done))),
        );
        if (layout?.untidy) {
          const projects = await projectsOf(store.query, dataset);
          await inRotation(projects.map((projectId) => whileAllowed(tidyOf(dataset, projectId, done))));
          if (continues) await storeLayouts(store.query, [{ dataset, layout: layoutOf(dataset) }]);
        }
        if (done.cells + done.removedCells > 0) all.push(done);
      }
      return all;
    },
  };
}

/** The dimension sets of which a project has cells, by one index seek each. */
async function storedSets(query: QueryBuilder, { name }: Dataset, projectId: string): Promise<string[]> {
  const sets: string[] = [];
  for (;;) {
    const last = sets.at(-1);
    const ofProject = query
      .selectFrom('rollup_cells')
      .select((expression) => expression.fn.min('dimension_set').as('next'))
      .where('project_id', '=', projectId)
      .where('dataset', '=', name);
    const later = last === undefined ? ofProject : ofProject.where('dimension_set', '>', last);
    const { next } = await later.executeTakeFirstOrThrow();
    if (next === null) return sets;
    sets.push(next);
  }
}

interface CellBatch {
  readonly projectId: string;
  readonly dataset: Dataset;
  readonly dimensionSet: string;
  readonly grain: RollupGrain;
  readonly limit: number;
}

async function removeBatch(
  { transaction, functions }: Pick<Store, 'functions'> & { readonly transaction: QueryBuilder },
  { projectId, dataset, dimensionSet, grain, limit }: CellBatch,
): Promise<number> {
  const locations = transaction
    .selectFrom('rollup_cells')
    .where('project_id', '=', projectId)
    .where('dataset', '=', dataset.name)
    .where('dimension_set', '=', dimensionSet)
    .where('grain', '=', grain)
    .select(functions.locationIn('rollup_cells').columns)
    .limit(limit);
  const { numDeletedRows } = await functions
    .removeAt(transaction, 'rollup_cells', locations)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
