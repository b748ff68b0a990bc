import type pg from 'pg';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import type { EncodedCell } from '../../../core/rollup/cell.ts';
import type { Keyed } from '../../../core/rollup/fold.ts';
import { createCellEncoder, type FoldedCell } from '../../../core/rollup/folded-cell.ts';

interface StoredCell {
  /** Position among the cells that were asked for, from 1. */
  readonly place: number;
  readonly row_count: number;
  readonly success_count: number;
  readonly sums: Uint8Array;
  readonly histograms: Uint8Array;
}

const KEY = 'project_id, dataset, dimension_set, grain, bucket, dimension_key, writer';

const SELECT = `
  select wanted.place::int, cell.row_count, cell.success_count, cell.sums, cell.histograms
  from unnest($1::text[], $2::text[], $3::text[], $4::int8[], $5::text[]) with ordinality
    as wanted (project_id, dimension_set, grain, bucket, dimension_key, place)
  join rollup_cells cell using (project_id, dimension_set, grain, bucket, dimension_key)
  where cell.dataset = $6 and cell.writer = $7`;

const UPSERT = `
  insert into rollup_cells (project_id, dimension_set, grain, bucket, dimension_key, dataset, writer,
    row_count, success_count, sums, histograms)
  select given.project_id, given.dimension_set, given.grain, given.bucket, given.dimension_key, $6, $7,
    given.row_count, given.success_count, given.sums, given.histograms
  from unnest($1::text[], $2::text[], $3::text[], $4::int8[], $5::text[], $8::int8[], $9::int8[], $10::bytea[], $11::bytea[])
    as given (project_id, dimension_set, grain, bucket, dimension_key, row_count, success_count, sums, histograms)
  on conflict (${KEY}) do update set row_count = excluded.row_count, success_count = excluded.success_count,
    sums = excluded.sums, histograms = excluded.histograms`;

/**
 * Adds cells to the stored ones of the same keys, in two statements however many they are. Nobody else writes the cells of
 * `writer` at the same time, so what is read here is still so when it is written.
 */
export async function saveCells(
  client: pg.ClientBase,
  dataset: Dataset,
  cells: readonly Keyed<FoldedCell>[],
  writer: number,
): Promise<void> {
  if (cells.length === 0) return;
  const keys = [
    cells.map((keyed) => keyed.projectId),
    cells.map((keyed) => keyed.dimensionSet),
    cells.map((keyed) => keyed.grain),
    cells.map((keyed) => keyed.bucket),
    cells.map((keyed) => keyed.dimensionKey),
    dataset.name,
    writer,
  ];
  const { rows } = await client.query<StoredCell>({ name: 'select cells', text: SELECT, values: keys });
  const stored = new Map<number, EncodedCell>();
  for (const { place, row_count, success_count, sums, histograms } of rows) {
    stored.set(place - 1, { rowCount: row_count, successCount: success_count, sums, histograms });
  }
  const encoder = createCellEncoder();
  const encoded = cells.map(({ cell }, index) => encoder.encode(cell, stored.get(index) ?? null));
  await client.query({
    name: 'upsert cells',
    text: UPSERT,
    values: [
      ...keys,
      encoded.map((cell) => cell.rowCount),
      encoded.map((cell) => cell.successCount),
      encoded.map((cell) => Buffer.from(cell.sums)),
      encoded.map((cell) => Buffer.from(cell.histograms)),
    ],
  });
}
