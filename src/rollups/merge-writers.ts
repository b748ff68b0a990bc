import { sql } from 'kysely';
import { batchesOf } from '../core/batches.ts';
import type { Clock } from '../core/clock.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import { ROLLUP_GRAINS, type RollupGrain } from '../core/dataset/rollup-set.ts';
import { defined } from '../core/defined.ts';
import { inRotation } from '../core/in-rotation.ts';
import { encodeCell } from '../core/rollup/cell.ts';
import { bucketStart, type CellKey, dimensionSetName } from '../core/rollup/fold.ts';
import { cellsHorizon } from '../core/rollup/horizons.ts';
import type { Interval } from '../core/time/range.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time/units.ts';
import { readHorizons } from '../storage/horizons.ts';
import type { Store } from '../storage/store.ts';
import { isSame, layoutOf, readLayouts } from './layout.ts';
import { type CellScope, type Level, mergeParts, readParts, replaceCells } from './stored-cells.ts';
import { projectsOf } from './stored-rows.ts';

/**
 * Merges the parts that several writers have of the same cells, once no more events are expected
 * for them.
 */
export interface WriterMerge {
  /**
   * The first run of a process goes far back. Later runs only check the cells that have ended
   * since, and those that late events may have divided again.
   *
   * @param shouldContinue is asked before each step
   * @returns how many cells were merged
   */
  run(shouldContinue: () => Promise<boolean>): Promise<number>;
}

export interface WriterMergeOptions {
  readonly store: Pick<Store, 'query' | 'functions' | 'exclusively'>;
  readonly clock: Clock;
  readonly datasets: readonly Dataset[];
  /** Cells per transaction. Events wait for it, some milliseconds. Default: 200. */
  readonly batchSize?: number;
}

/** By this time after the end of their bucket, most events have arrived. */
const GRACE_MS = 10 * MINUTE_MS;
/** How far back the first run of a process goes. Little is asked about earlier times. */
const FIRST_RANGE_MS: Readonly<Record<RollupGrain, number>> = {
  MINUTE: DAY_MS,
  HOUR: 31 * DAY_MS,
  DAY: 400 * DAY_MS,
};
/** How far later runs go back behind the last one, for events that arrived late. */
const LATE_MS: Readonly<Record<RollupGrain, number>> = { MINUTE: HOUR_MS, HOUR: DAY_MS, DAY: 7 * DAY_MS };

const DEFAULT_BATCH_SIZE = 200;
/**
 * One statement checks all levels of a dataset in this many projects, because usually nothing is
 * divided there.
 */
const PROJECTS_PER_STATEMENT = 200;

/** A level, and the span of time of it to check. */
type Stretch = Level & Interval;

export function createWriterMerge(options: WriterMergeOptions): WriterMerge {
  const { store, clock, datasets, batchSize = DEFAULT_BATCH_SIZE } = options;
  /** Up to when the last complete run has merged each grain. */
  let mergedTo: ReadonlyMap<RollupGrain, number> = new Map();

  /** Each value is the number of cells that a step has merged. */
  async function* mergeLevel(scope: CellScope, level: Level): AsyncGenerator<number> {
    for (let from = scope.from; ; ) {
      const keys = await dividedCells(store, { ...scope, ...level, from }, batchSize);
      const last = keys.at(-1);
      if (last === undefined) return;
      const merged = await mergeCells(store, scope, keys);
      if (merged === null) return;
      yield merged;
      if (keys.length < batchSize) return;
      // The bucket of the last cell may have more cells.
      from = last.bucket;
    }
  }

  /** The spans that this run checks for each level of the dataset. */
  function stretchesOf({ rollups }: Dataset, now: number): Stretch[] {
    return rollups.flatMap((set) =>
      set.grains.map((grain) => {
        const to = bucketStart(now - GRACE_MS, grain);
        const last = mergedTo.get(grain);
        // It is later if the clock has been set back since.
        const isKnown = last !== undefined && last <= to;
        const from = isKnown ? last - LATE_MS[grain] : to - FIRST_RANGE_MS[grain];
        return { dimensionSet: dimensionSetName(set), grain, from, to };
      }),
    );
  }

  async function* mergeOf(
    scope: Omit<CellScope, 'from' | 'to'>,
    stretches: readonly Stretch[],
  ): AsyncGenerator<number> {
    const horizons = await readHorizons(store.query, scope.projectId, scope.dataset);
    for (const { from, to, ...level } of stretches) {
      const kept = Math.max(from, cellsHorizon(horizons, level.dimensionSet, level.grain));
      if (kept < to) yield* mergeLevel({ ...scope, from: kept, to }, level);
    }
  }

  return {
    async run(shouldContinue) {
      const now = clock.now();
      let merged = 0;
      let continues = true;
      async function* whileAllowed(steps: AsyncIterator<number>): AsyncGenerator<void> {
        for (;;) {
          continues &&= await shouldContinue();
          if (!continues) return;
          const { done, value } = await steps.next();
          if (done) return;
          merged += value;
          yield;
        }
      }
      for (const dataset of datasets) {
        const stretches = stretchesOf(dataset, now);
        for (const projects of batchesOf(await projectsOf(store.query, dataset), PROJECTS_PER_STATEMENT)) {
          continues &&= await shouldContinue();
          if (!continues) return merged;
          const divided = await dividedStretches(store, dataset, projects, stretches);
          await inRotation(
            [...divided].map(([projectId, found]) => whileAllowed(mergeOf({ dataset, projectId }, found))),
          );
        }
      }
      if (continues)
        mergedTo = new Map(ROLLUP_GRAINS.map((grain) => [grain, bucketStart(now - GRACE_MS, grain)]));
      return merged;
    },
  };
}

/**
 * The spans in which more than one writer has cells, by project. Elsewhere no cell can have several
 * parts.
 */
async function dividedStretches(
  { query, functions }: Pick<Store, 'query' | 'functions'>,
  dataset: Dataset,
  projects: readonly string[],
  stretches: readonly Stretch[],
): Promise<ReadonlyMap<string, readonly Stretch[]>> {
  const wanted = functions.parameterTable(
    {
      project_id: 'text',
      dimension_set: 'text',
      grain: 'text',
      from: 'integer',
      to: 'integer',
      at: 'integer',
    },
    projects.flatMap((project_id) =>
      stretches.map(({ dimensionSet, grain, from, to }, at) => ({
        ...{ project_id, dimension_set: dimensionSet, grain, from, to, at },
      })),
    ),
  );
  const cells = functions.joinEach(query.selectFrom(wanted.as('stretch')), 'rollup_cells', 'cell', [
    sql`cell.project_id = stretch.project_id`,
    sql`cell.dataset = ${dataset.name}`,
    sql`cell.dimension_set = stretch.dimension_set`,
    sql`cell.grain = stretch.grain`,
    sql`cell.bucket >= ${sql.ref('stretch.from')}`,
    sql`cell.bucket < ${sql.ref('stretch.to')}`,
  ]);
  const rows = await cells
    .groupBy(['stretch.project_id', 'stretch.at'])
    .having(sql<boolean>`min(cell.writer) <> max(cell.writer)`)
    .select(['stretch.project_id', 'stretch.at'])
    .execute();
  const divided = new Map<string, Stretch[]>();
  for (const row of rows) {
    const found = divided.get(row['project_id']) ?? [];
    divided.set(row['project_id'], [...found, defined(stretches[Number(row['at'])])]);
  }
  return divided;
}

/**
 * The first cells of a level that have parts of more than one writer, in the order of their
 * buckets.
 */
async function dividedCells(
  { query }: Pick<Store, 'query'>,
  { dataset, projectId, from, to, dimensionSet, grain }: CellScope & Level,
  limit: number,
): Promise<CellKey[]> {
  const rows = await query
    .selectFrom('rollup_cells')
    .where('project_id', '=', projectId)
    .where('dataset', '=', dataset.name)
    .where('dimension_set', '=', dimensionSet)
    .where('grain', '=', grain)
    .where('bucket', '>=', from)
    .where('bucket', '<', to)
    .groupBy(['bucket', 'dimension_key'])
    .having((expression) => expression.fn.countAll(), '>', 1)
    .orderBy('bucket')
    .orderBy('dimension_key')
    .select(['bucket', 'dimension_key'])
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    ...{ projectId, dimensionSet, grain },
    bucket: Number(row['bucket']),
    dimensionKey: row['dimension_key'],
  }));
}

/**
 * Reads the cells again, because events may have been added since they were found.
 *
 * @returns how many cells; null if another version has started since: its cells may have more
 *   measures, which would be lost
 */
function mergeCells(
  store: WriterMergeOptions['store'],
  scope: CellScope,
  keys: readonly CellKey[],
): Promise<number | null> {
  return store.exclusively(async (transaction) => {
    const layout = (await readLayouts(transaction)).get(scope.dataset.name);
    if (layout !== undefined && !isSame(layout, layoutOf(scope.dataset))) return null;
    const parts = await readParts({ ...store, query: transaction }, scope, keys);
    const cells = mergeParts(scope.dataset, parts).map(({ cell, ...key }) => ({
      ...key,
      cell: encodeCell(cell, store.functions.cellSums),
    }));
    await replaceCells({ ...store, transaction }, scope, { keys: cells, cells });
    return cells.length;
  });
}
