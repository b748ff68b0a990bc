import type { Dataset } from '../core/dataset/dataset.ts';
import { TelltaleError } from '../core/errors.ts';
import { dimensionSetName } from '../core/rollup/fold.ts';
import { levelName, NO_HORIZONS } from '../core/rollup/horizons.ts';
import { raiseHorizons, readHorizons } from '../storage/horizons.ts';
import type { Store } from '../storage/store.ts';
import { parseStored } from '../storage/stored-json.ts';
import { rebuildRollups } from './rebuild.ts';
import { projectsOf } from './stored-rows.ts';

/** What cells were made from, which decides what their numbers mean. */
export interface Layout {
  /** Names, in the order of the numbers in a cell. */
  readonly measures: readonly string[];
  readonly histograms: readonly string[];
  /** Each set in each of its grains, such as `MINUTE provider,model`. */
  readonly levels: readonly string[];
}

type LayoutStore = Pick<Store, 'query' | 'functions' | 'exclusively'>;

export const layoutOf = ({ measures, histogramMeasures, rollups }: Dataset): Layout => ({
  measures: measures.map(({ name }) => name),
  histograms: histogramMeasures.map(({ name }) => name),
  levels: rollups.flatMap((set) => set.grains.map((grain) => levelName(grain, dimensionSetName(set)))),
});

/**
 * What to do with cells of the recorded layout when the declaration differs. `keep`: their meaning
 * is the same, measures were only added at the end. `rebuild`: their meaning is the same, but some
 * set or grain is new. `discard`: they can no longer be read.
 */
export function decideRebuild(declared: Layout, recorded: Layout): 'keep' | 'rebuild' | 'discard' {
  const isReadable =
    startsWith(declared.measures, recorded.measures) && startsWith(declared.histograms, recorded.histograms);
  if (!isReadable) return 'discard';
  return declared.levels.every((level) => recorded.levels.includes(level)) ? 'keep' : 'rebuild';
}

const startsWith = (list: readonly string[], start: readonly string[]): boolean =>
  start.every((name, index) => list[index] === name);

/**
 * Call this at start. Rebuilds the rollups of each dataset whose declaration no longer fits its
 * cells, removes the cells of sets that are no longer declared, and records the declarations.
 *
 * @param onRebuild is called with the name of each dataset before its rows are read, which takes
 *   minutes for millions of them
 * @returns the names of the datasets that were rebuilt.
 * @throws TelltaleError if cells that can no longer be read hold the only totals of a time whose
 *   rows have been removed.
 */
export async function ensureRollups(
  store: LayoutStore,
  datasets: readonly Dataset[],
  onRebuild: (dataset: string) => void = () => undefined,
): Promise<string[]> {
  const rebuilt: string[] = [];
  for (const dataset of datasets) {
    const declared = layoutOf(dataset);
    const recorded = await readLayout(store, dataset);
    if (JSON.stringify(recorded) === JSON.stringify(declared)) continue;
    const decision =
      recorded === null ? await decideUnrecorded(store, dataset) : decideRebuild(declared, recorded);
    if (decision === 'discard') await refuseLoss(store, dataset);
    await removeCells(store, dataset, decision === 'discard' ? [] : declared.levels);
    if (decision !== 'keep') {
      onRebuild(dataset.name);
      const rollups = decision === 'discard' ? dataset.rollups : setsBeyond(dataset, recorded);
      await rebuildRollups(store, { ...dataset, rollups });
      const kept = decision === 'discard' ? [] : (recorded?.levels ?? []);
      await recordBeginnings(store, dataset, kept);
      rebuilt.push(dataset.name);
    }
    // Recorded last: if the rebuild is interrupted, the next start repeats it.
    await storeLayout(store, dataset, declared);
  }
  return rebuilt;
}

/**
 * The sets with a level that is not recorded. The cells of all other sets keep their meaning, and
 * stay.
 */
function setsBeyond({ rollups }: Dataset, recorded: Layout | null): Dataset['rollups'] {
  const known = new Set(recorded?.levels);
  return rollups.filter((set) =>
    set.grains.some((grain) => !known.has(levelName(grain, dimensionSetName(set)))),
  );
}

async function readLayout({ query }: LayoutStore, { name }: Dataset): Promise<Layout | null> {
  const row = await query
    .selectFrom('rollup_layouts')
    .select('layout')
    .where('dataset', '=', name)
    .executeTakeFirst();
  return row === undefined ? null : (parseStored(row.layout) as Layout);
}

/**
 * Events without a layout were stored by a version without rollups, or before the first start of
 * one with rollups ended.
 */
async function decideUnrecorded({ query }: LayoutStore, dataset: Dataset): Promise<'keep' | 'rebuild'> {
  const row = await query.selectFrom(dataset.table).select('id').limit(1).executeTakeFirst();
  return row === undefined ? 'keep' : 'rebuild';
}

/**
 * Cells are rebuilt from rows. Where retention has removed the rows, the cells hold the only
 * totals.
 */
async function refuseLoss({ query }: LayoutStore, { name }: Dataset): Promise<void> {
  const removed = await query
    .selectFrom('retention_horizons')
    .select('instant')
    .where('dataset', '=', name)
    .where('source', '=', 'RAW')
    .orderBy('instant', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (removed === undefined) return;
  throw new TelltaleError(
    'CONFLICT',
    `The measures of ${name} do not match its rollups, and its rows before ` +
      `${new Date(Number(removed.instant)).toISOString()} have been removed: their totals would ` +
      'be lost. Declare the measures as they were, and add new ones at the end.',
  );
}

/** Removes the cells of all sets and grains except the levels in `kept`. */
async function removeCells(store: LayoutStore, { name }: Dataset, kept: readonly string[]): Promise<void> {
  await store.exclusively(async (transaction) => {
    const found = await transaction
      .selectFrom('rollup_cells')
      .select(['grain', 'dimension_set'])
      .distinct()
      .where('dataset', '=', name)
      .execute();
    for (const { grain, dimension_set: dimensionSet } of found) {
      if (kept.includes(levelName(grain, dimensionSet))) continue;
      await transaction
        .deleteFrom('rollup_cells')
        .where('dataset', '=', name)
        .where('dimension_set', '=', dimensionSet)
        .where('grain', '=', grain)
        .execute();
    }
  });
}

/**
 * Records that the rebuilt cells begin where the rows begin. Retention may have removed older rows,
 * which cells of other sets still count. Without a horizon of their own, the new cells would seem
 * to say that nothing happened then.
 *
 * @param kept levels that the dataset had before, whose cells reach further back
 */
async function recordBeginnings(
  store: LayoutStore,
  dataset: Dataset,
  kept: readonly string[],
): Promise<void> {
  for (const projectId of await projectsOf(store.query, dataset)) {
    await store.exclusively(async (transaction) => {
      const { rows: instant } = await readHorizons(transaction, projectId, dataset);
      if (instant === NO_HORIZONS.rows) return;
      const beginnings = dataset.rollups.flatMap((set) => {
        const dimensionSet = dimensionSetName(set);
        const made = set.grains.filter((grain) => !kept.includes(levelName(grain, dimensionSet)));
        return made.map((source) => ({ source, dimensionSet, instant }));
      });
      await raiseHorizons(transaction, projectId, dataset, beginnings);
    });
  }
}

async function storeLayout({ query }: LayoutStore, { name }: Dataset, layout: Layout): Promise<void> {
  const text = JSON.stringify(layout);
  await query
    .insertInto('rollup_layouts')
    .values({ dataset: name, layout: text })
    .onConflict((conflict) => conflict.column('dataset').doUpdateSet({ layout: text }))
    .execute();
}
