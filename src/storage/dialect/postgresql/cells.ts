import { defined } from '../../../core/defined.ts';
import type { EncodedCell } from '../../../core/rollup/cell.ts';
import type { CellKey, Keyed, RollupDeclaration } from '../../../core/rollup/fold.ts';
import type { CellEncoder, FoldedCell } from '../../../core/rollup/folded-cell.ts';
import type { WriterSession } from './writer-connection.ts';
import { zipJson } from './zip-json.ts';

interface StoredCell {
  /** Position among the requested cells, from 1. */
  readonly ordinal: number;
  readonly row_count: number;
  readonly success_count: number;
  readonly sums: Uint8Array;
  readonly histograms: Uint8Array;
}

/** The number of key columns that differ between cells; $6 is the dataset and $7 the writer. */
const KEY_COLUMNS = 5;
/**
 * The limit makes PostgreSQL look up each wanted cell by its key. Otherwise it could scan all
 * cells.
 */
const SELECT = `
  select wanted.ordinal::int4, cell.row_count, cell.success_count, cell.sums, cell.histograms
  from (select c0, c1, c2, c3::int8, c4, row_number() over () from ${zipJson(KEY_COLUMNS)})
    as wanted (project_id, dimension_set, grain, bucket, dimension_key, ordinal)
  cross join lateral (
    select * from rollup_cells
    where project_id = wanted.project_id and dataset = $6 and dimension_set = wanted.dimension_set
      and grain = wanted.grain and bucket = wanted.bucket and dimension_key = wanted.dimension_key and writer = $7
    limit 1
  ) as cell`;

/**
 * Citus allows no limit within a join: each node receives the wanted cells, and finds those of its
 * shards.
 */
const SELECT_SPREAD = `
  with wanted (project_id, dimension_set, grain, bucket, dimension_key, ordinal) as materialized (
    select c0, c1, c2, c3::int8, c4, row_number() over () from ${zipJson(KEY_COLUMNS)})
  select wanted.ordinal::int4, cell.row_count, cell.success_count, cell.sums, cell.histograms
  from wanted join rollup_cells as cell
    on cell.project_id = wanted.project_id and cell.dataset = $6 and cell.dimension_set = wanted.dimension_set
      and cell.grain = wanted.grain and cell.bucket = wanted.bucket and cell.dimension_key = wanted.dimension_key
      and cell.writer = $7`;

/**
 * All sums and histograms are in one parameter, $13, which is divided by the starts and lengths of
 * each.
 */
const UPSERT = `
  insert into rollup_cells (project_id, dimension_set, grain, bucket, dimension_key, row_count, success_count,
    sums, histograms, dataset, writer)
  select c0, c1, c2, c3::int8, c4, c5::int8, c6::int8,
    substring($13::bytea from c7::int4 for c8::int4), substring($13::bytea from c9::int4 for c10::int4), $12, $14::int4
  from ${zipJson(11)}
  on conflict (project_id, dataset, dimension_set, grain, bucket, dimension_key, writer) do update
  set row_count = excluded.row_count, success_count = excluded.success_count,
    sums = excluded.sums, histograms = excluded.histograms`;

/** The stored cells by `keyOf`. */
export type StoredCells = ReadonlyMap<string, EncodedCell>;

const keyOf = ({ projectId, dimensionSet, grain, bucket, dimensionKey }: CellKey): string =>
  `${dimensionSet}|${grain}|${bucket}|${projectId}|${dimensionKey}`;

function keysOf(cells: readonly CellKey[]): string[] {
  return [
    cells.map((keyed) => keyed.projectId),
    cells.map((keyed) => keyed.dimensionSet),
    cells.map((keyed) => keyed.grain),
    cells.map((keyed) => keyed.bucket),
    cells.map((keyed) => keyed.dimensionKey),
  ].map((column) => JSON.stringify(column));
}

/**
 * Finds the stored cells of these keys. Nobody else writes the cells of the session's slot at the
 * same time, so they do not change before `saveCells`.
 */
export async function findCells(
  { client, slot, isSpread }: Pick<WriterSession, 'client' | 'slot' | 'isSpread'>,
  dataset: RollupDeclaration,
  cells: readonly CellKey[],
): Promise<StoredCells> {
  const stored = new Map<string, EncodedCell>();
  if (cells.length === 0) return stored;
  const { rows } = await client.query<StoredCell>({
    name: 'select cells',
    text: isSpread ? SELECT_SPREAD : SELECT,
    values: [...keysOf(cells), dataset.name, slot],
  });
  for (const { ordinal, row_count, success_count, sums, histograms } of rows) {
    const cell = { rowCount: row_count, successCount: success_count, sums, histograms };
    stored.set(keyOf(defined(cells[ordinal - 1])), cell);
  }
  return stored;
}

/** Adds cells to the stored ones of the same keys, in one statement for any number of cells. */
export function saveCells(
  { client, slot, leave }: WriterSession,
  dataset: RollupDeclaration,
  cells: readonly Keyed<FoldedCell>[],
  stored: StoredCells,
  encoder: CellEncoder,
): void {
  if (cells.length === 0) return;
  const encoded = cells.map((keyed) => encoder.encode(keyed.cell, stored.get(keyOf(keyed)) ?? null));
  const { columns, bytes } = joinBytes(encoded);
  const numbers = columns.map((column) => JSON.stringify(column));
  leave(
    client.query({
      name: 'upsert cells',
      text: UPSERT,
      values: [...keysOf(cells), ...numbers, dataset.name, bytes, slot],
    }),
  );
}

/**
 * The columns c5 to c10 of the upsert, and the bytes into which the last four of them point,
 * counted from 1.
 */
function joinBytes(cells: readonly EncodedCell[]): { columns: number[][]; bytes: Buffer } {
  const columns: number[][] = [[], [], [], [], [], []];
  let start = 1;
  for (const { rowCount, successCount, sums, histograms } of cells) {
    const middle = start + sums.length;
    [rowCount, successCount, start, sums.length, middle, histograms.length].forEach((value, index) => {
      columns[index]?.push(value);
    });
    start = middle + histograms.length;
  }
  return { columns, bytes: Buffer.concat(cells.flatMap(({ sums, histograms }) => [sums, histograms])) };
}
