import type { Dataset } from '../core/dataset/dataset.ts';
import { TelltaleError } from '../core/errors.ts';
import { bucketStart, dimensionSetName } from '../core/rollup/fold.ts';
import { levelName } from '../core/rollup/horizons.ts';
import { DAY_MS } from '../core/time/units.ts';
import { readHorizons } from '../storage/horizons.ts';
import { beginMaking } from '../storage/making.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import { parseStored } from '../storage/stored-json.ts';
import { tablesWithRows } from '../storage/tables-with-rows.ts';
import { lastRow, projectsOf } from './stored-rows.ts';

/** What cells were made from. It decides the meaning of their numbers. */
export interface Layout {
  /** Names, in the order of the numbers in a cell. */
  readonly measures: readonly string[];
  readonly histograms: readonly string[];
  /** Each set in each of its grains, such as `MINUTE provider,model`. */
  readonly levels: readonly string[];
  /** Set while there may be cells of other levels that are yet to be removed. */
  readonly untidy?: true;
}

type LayoutStore = Pick<Store, 'query' | 'functions' | 'exclusively'>;

export const layoutOf = ({ measures, histogramMeasures, rollups }: Dataset): Layout => ({
  measures: measures.map(({ name }) => name),
  histograms: histogramMeasures.map(({ name }) => name),
  levels: rollups.flatMap((set) => set.grains.map((grain) => levelName(grain, dimensionSetName(set)))),
});

/**
 * What to do with cells of the recorded layout when the declaration differs. `keep`: they mean the
 * same, and measures were only added at the end. `rebuild`: they mean the same, but some set or
 * grain is new. `discard`: they can no longer be read.
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
 * Call this at startup. For each dataset whose declaration no longer fits its cells, it notes which
 * levels must be made from its rows and which must be removed, and records the declaration. The
 * work itself is done later, in the background (`createRollupWork`). Until then, rows answer
 * instead.
 *
 * @returns the names of the datasets with levels that must be made
 * @throws TelltaleError if cells that can no longer be read hold the only totals of a time whose
 *   rows have been removed.
 */
export async function ensureRollups(store: LayoutStore, datasets: readonly Dataset[]): Promise<string[]> {
  const layouts = await readLayouts(store.query);
  const changes: Change[] = [];
  const unrecorded = datasets.filter(({ name }) => !layouts.has(name));
  const filled = await tablesWithRows(store.query, unrecorded, 1);
  for (const dataset of datasets) {
    const recorded = layouts.get(dataset.name) ?? null;
    if (recorded !== null && isSame(recorded, layoutOf(dataset))) continue;
    const decision =
      recorded === null ? decideUnrecorded(dataset, filled) : decideRebuild(layoutOf(dataset), recorded);
    if (decision === 'discard') await refuseLoss(store, dataset);
    changes.push({ dataset, recorded, decision });
  }
  if (changes.length > 0) {
    await store.exclusively(async (transaction) => {
      for (const change of changes) await noteChange({ ...store, transaction }, change);
      await storeLayouts(transaction, changes.map(newLayout));
    });
  }
  return changes.filter(({ decision }) => decision !== 'keep').map(({ dataset }) => dataset.name);
}

/** A dataset whose cells have a layout other than the declared one, or none. */
interface Change {
  readonly dataset: Dataset;
  readonly recorded: Layout | null;
  readonly decision: ReturnType<typeof decideRebuild>;
}

async function noteChange(
  store: LayoutStore & { readonly transaction: QueryBuilder },
  { dataset, recorded, decision }: Change,
): Promise<void> {
  const { transaction } = store;
  const known = decision === 'discard' ? [] : (recorded?.levels ?? []);
  if (decision === 'discard') await removeCells(transaction, dataset);
  if (decision !== 'keep') await beginNewLevels(store, dataset, known);
}

const newLayout = ({ dataset, recorded }: Change): DatasetLayout => ({
  dataset,
  layout: { ...layoutOf(dataset), ...(recorded !== null && { untidy: true }) },
});

/** Whether the recorded layout is the declared one. */
export const isSame = ({ untidy: _, ...recorded }: Layout, declared: Layout): boolean =>
  JSON.stringify(recorded) === JSON.stringify(declared);

/** Notes that no cells of the unknown levels are made yet, up to the last event. */
async function beginNewLevels(
  store: LayoutStore & { readonly transaction: QueryBuilder },
  dataset: Dataset,
  known: readonly string[],
): Promise<void> {
  const { transaction } = store;
  const levels = dataset.rollups.flatMap((set) =>
    set.grains.map((grain) => ({ grain, dimensionSet: dimensionSetName(set) })),
  );
  const added = levels.filter(({ grain, dimensionSet }) => !known.includes(levelName(grain, dimensionSet)));
  for (const projectId of await projectsOf(transaction, dataset)) {
    const last = await lastRow(store, { dataset, projectId });
    const { rows } = await readHorizons(transaction, projectId, dataset);
    const instant = Math.max(last === null ? 0 : bucketStart(last, 'DAY') + DAY_MS, rows);
    await beginMaking(transaction, { projectId, dataset }, { levels: added, instant });
  }
}

/** The recorded layouts, by dataset. */
export async function readLayouts(query: QueryBuilder): Promise<ReadonlyMap<string, Layout>> {
  const rows = await query.selectFrom('rollup_layouts').select(['dataset', 'layout']).execute();
  return new Map(rows.map(({ dataset, layout }) => [dataset, parseStored(layout) as Layout]));
}

/**
 * Events without a layout were stored by a version without rollups, or before the first start of a
 * version with rollups was complete.
 */
function decideUnrecorded({ table }: Dataset, filled: ReadonlySet<string>): 'keep' | 'rebuild' {
  return filled.has(table) ? 'rebuild' : 'keep';
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

/** Removes all cells of a dataset. */
async function removeCells(transaction: QueryBuilder, { name }: Dataset): Promise<void> {
  await transaction.deleteFrom('rollup_cells').where('dataset', '=', name).execute();
}

interface DatasetLayout {
  readonly dataset: Pick<Dataset, 'name'>;
  readonly layout: Layout;
}

export async function storeLayouts(query: QueryBuilder, layouts: readonly DatasetLayout[]): Promise<void> {
  await query
    .insertInto('rollup_layouts')
    .values(layouts.map(({ dataset, layout }) => ({ dataset: dataset.name, layout: JSON.stringify(layout) })))
    .onConflict((conflict) =>
      conflict.column('dataset').doUpdateSet(({ ref }) => ({ layout: ref('excluded.layout') })),
    )
    .execute();
}
