import { batchesOf } from '../core/batches.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { RollupGrain } from '../core/dataset/rollup-set.ts';
import { type Cell, createCell, type EncodedCell, mergeEncodedCell } from '../core/rollup/cell.ts';
import { dimensionSetName, type Keyed } from '../core/rollup/fold.ts';
import type { Interval } from '../core/time/range.ts';
import type { QueryBuilder } from '../storage/store.ts';

/** Which cells: those of a dataset in one project whose buckets start in [from, to). */
export interface CellScope extends Interval {
  readonly dataset: Dataset;
  readonly projectId: string;
}

/** Cells per statement: SQLite binds at most 32,766 values. */
const CELLS_PER_INSERT = 500;
/**
 * The writer of the cells that a rebuild makes. Appends are locked out, so no one else writes them.
 */
const WRITER = 0;

/** The cells of a set and grain, added up over all writers. */
export async function readCells(
  query: QueryBuilder,
  { dataset, projectId, from, to }: CellScope,
  dimensionSet: string,
  grain: RollupGrain,
): Promise<Keyed<Cell>[]> {
  const rows = await query
    .selectFrom('rollup_cells')
    .select(['bucket', 'dimension_key', 'row_count', 'success_count', 'sums', 'histograms'])
    .where('project_id', '=', projectId)
    .where('dataset', '=', dataset.name)
    .where('dimension_set', '=', dimensionSet)
    .where('grain', '=', grain)
    .where('bucket', '>=', from)
    .where('bucket', '<', to)
    .execute();
  const cells = new Map<string, Keyed<Cell>>();
  for (const row of rows) {
    const { bucket, dimension_key: dimensionKey } = row;
    const key = `${bucket} ${dimensionKey}`;
    let keyed = cells.get(key);
    if (keyed === undefined) {
      keyed = {
        projectId,
        dimensionSet,
        grain,
        bucket,
        dimensionKey,
        cell: createCell(dataset.measures.length, dataset.histogramMeasures.length),
      };
      cells.set(key, keyed);
    }
    mergeEncodedCell(keyed.cell, {
      rowCount: row.row_count,
      successCount: row.success_count,
      sums: row.sums,
      histograms: row.histograms,
    });
  }
  return [...cells.values()];
}

/** Replaces the cells of the scope in these grains, whatever their set and writer. */
export async function replaceCells(
  transaction: QueryBuilder,
  scope: CellScope,
  grains: readonly RollupGrain[],
  cells: readonly Keyed<EncodedCell>[],
): Promise<void> {
  await deleteCells(transaction, scope, grains);
  for (const batch of batchesOf(cells, CELLS_PER_INSERT)) {
    const rows = batch.map((keyed) => toRow(scope.dataset, keyed));
    await transaction.insertInto('rollup_cells').values(rows).execute();
  }
}

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
