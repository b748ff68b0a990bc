import { type SqlBool, sql } from 'kysely';
import { batchesOf } from '../core/batches.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { RollupGrain } from '../core/dataset/rollup-set.ts';
import { type Cell, createCell, type EncodedCell, mergeEncodedCell } from '../core/rollup/cell.ts';
import { type CellKey, dimensionSetName, type Keyed } from '../core/rollup/fold.ts';
import type { Interval } from '../core/time/range.ts';
import type { DynamicSelect } from '../storage/dialect/analytics-functions.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';

/** Selects cells: those of a dataset in one project whose buckets start in [from, to). */
export interface CellScope extends Interval {
  readonly dataset: Dataset;
  readonly projectId: string;
}

/** The cells of a set in a grain. */
export type Level = Pick<CellKey, 'dimensionSet' | 'grain'>;

/** Cells per statement: SQLite binds at most 32,766 values. */
const CELLS_PER_INSERT = 500;
/**
 * The writer of the cells that a rebuild makes. Appends are locked out, so nobody else writes
 * these.
 */
const WRITER = 0;

/** The stored cells of some levels, one per writer. */
export async function readStoredCells(
  { query, functions }: Pick<Store, 'query' | 'functions'>,
  { dataset, projectId, from, to }: CellScope,
  levels: readonly Level[],
): Promise<Keyed<EncodedCell>[]> {
  const wanted = functions.parameterTable(
    { dimension_set: 'text', grain: 'text' },
    levels.map(({ dimensionSet, grain }) => ({ dimension_set: dimensionSet, grain })),
  );
  return fetchCells(
    projectId,
    functions.joinEach(query.selectFrom(wanted.as('level')), 'rollup_cells', 'cell', [
      sql`cell.project_id = ${projectId}`,
      sql`cell.dataset = ${dataset.name}`,
      sql`cell.dimension_set = level.dimension_set`,
      sql`cell.grain = level.grain`,
      sql`cell.bucket >= ${from}`,
      sql`cell.bucket < ${to}`,
    ]),
  );
}

/** The stored cells with these keys, one per writer. */
export function readParts(
  { query, functions }: Pick<Store, 'query' | 'functions'>,
  { dataset, projectId }: Pick<CellScope, 'dataset' | 'projectId'>,
  keys: readonly CellKey[],
): Promise<Keyed<EncodedCell>[]> {
  return fetchCells(
    projectId,
    functions.joinEach(query.selectFrom(tableOfKeys(functions, keys).as('wanted')), 'rollup_cells', 'cell', [
      sql`cell.project_id = ${projectId}`,
      sql`cell.dataset = ${dataset.name}`,
      ...KEY_COLUMNS.map((name) => sql<SqlBool>`${sql.ref(`cell.${name}`)} = ${sql.ref(`wanted.${name}`)}`),
    ]),
  );
}

/** @param query has `rollup_cells` as `cell` */
async function fetchCells(projectId: string, query: DynamicSelect): Promise<Keyed<EncodedCell>[]> {
  const rows = await query.select(CELL_COLUMNS).execute();
  return rows.map((row) => ({
    projectId,
    dimensionSet: row['dimension_set'],
    grain: row['grain'],
    bucket: row['bucket'],
    dimensionKey: row['dimension_key'],
    cell: {
      rowCount: row['row_count'],
      successCount: row['success_count'],
      sums: row['sums'],
      histograms: row['histograms'],
    },
  }));
}

const CELL_COLUMNS = [
  'dimension_set',
  'grain',
  'bucket',
  'dimension_key',
  'row_count',
  'success_count',
  'sums',
  'histograms',
].map((name) => `cell.${name}`);

/** The cells of a level, added up over all writers. */
export async function readCells(
  store: Pick<Store, 'query' | 'functions'>,
  scope: CellScope,
  level: Level,
): Promise<Keyed<Cell>[]> {
  return mergeParts(scope.dataset, await readStoredCells(store, scope, [level]));
}

/** Adds up the cells that have the same key. */
export function mergeParts(
  { measures, histogramMeasures }: Dataset,
  parts: readonly Keyed<EncodedCell>[],
): Keyed<Cell>[] {
  const cells = new Map<string, Keyed<Cell>>();
  for (const stored of parts) {
    const key = keyOfCell(stored);
    let keyed = cells.get(key);
    if (keyed === undefined) {
      keyed = { ...stored, cell: createCell(measures.length, histogramMeasures.length) };
      cells.set(key, keyed);
    }
    mergeEncodedCell(keyed.cell, stored.cell);
  }
  return [...cells.values()];
}

/** The key of a cell of a dataset in a project, as text. */
export const keyOfCell = ({ dimensionSet, grain, bucket, dimensionKey }: CellKey): string =>
  `${grain} ${bucket} ${dimensionSet} ${dimensionKey}`;

/** Removes the cells with these keys, of all writers, and stores others. */
export async function replaceCells(
  { functions, transaction }: Pick<Store, 'functions'> & { readonly transaction: QueryBuilder },
  { dataset, projectId }: Pick<CellScope, 'dataset' | 'projectId'>,
  { keys, cells }: { readonly keys: readonly CellKey[]; readonly cells: readonly Keyed<EncodedCell>[] },
): Promise<void> {
  const wanted = tableOfKeys(functions, keys);
  const removal = functions.removeEach(
    transaction,
    transaction.selectFrom(wanted.as('wanted')),
    'rollup_cells',
    [
      sql`rollup_cells.project_id = ${projectId}`,
      sql`rollup_cells.dataset = ${dataset.name}`,
      ...KEY_COLUMNS.map(
        (name) => sql<SqlBool>`${sql.ref(`rollup_cells.${name}`)} = ${sql.ref(`wanted.${name}`)}`,
      ),
    ],
  );
  await removal.execute();
  for (const batch of batchesOf(cells, CELLS_PER_INSERT)) {
    const rows = batch.map((keyed) => toRow(dataset, keyed));
    await transaction.insertInto('rollup_cells').values(rows).execute();
  }
}

const KEY_COLUMNS = ['dimension_set', 'grain', 'bucket', 'dimension_key'] as const;

/** The keys as a table. */
const tableOfKeys = (functions: Store['functions'], keys: readonly CellKey[]) =>
  functions.parameterTable(
    { dimension_set: 'text', grain: 'text', bucket: 'integer', dimension_key: 'text' },
    keys.map(({ dimensionSet, grain, bucket, dimensionKey }) => ({
      ...{ dimension_set: dimensionSet, grain, bucket, dimension_key: dimensionKey },
    })),
  );

function toRow(dataset: Dataset, { cell, ...key }: Keyed<EncodedCell>): Record<string, unknown> {
  const { rowCount, successCount, sums, histograms } = cell;
  return {
    project_id: key.projectId,
    dataset: dataset.name,
    dimension_set: key.dimensionSet,
    grain: key.grain,
    bucket: key.bucket,
    dimension_key: key.dimensionKey,
    writer: WRITER,
    row_count: rowCount,
    success_count: successCount,
    sums,
    histograms,
  };
}

/**
 * Removes the cells of a scope in these grains. The sets and grains are named so that the primary
 * key can find them.
 */
export async function deleteCells(
  transaction: QueryBuilder,
  { dataset, projectId, from, to }: CellScope,
  grains: readonly RollupGrain[],
): Promise<void> {
  if (grains.length === 0) return;
  await transaction
    .deleteFrom('rollup_cells')
    .where('project_id', '=', projectId)
    .where('dataset', '=', dataset.name)
    .where('dimension_set', 'in', dataset.rollups.map(dimensionSetName))
    .where('grain', 'in', grains)
    .where('bucket', '>=', from)
    .where('bucket', '<', to)
    .execute();
}
