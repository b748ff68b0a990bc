import type pg from 'pg';
import type { Column, ColumnKind, ColumnValue } from '../../../core/dataset/column.ts';
import type { Dataset, Row } from '../../../core/dataset/dataset.ts';
import { createFold } from '../../../core/rollup/fold.ts';
import type { AppendResult, EventGroup } from '../../store.ts';
import { saveCells } from './cells.ts';

/** A row with its place in the groups. */
interface Placed {
  readonly row: Row;
  readonly id: string;
  readonly projectId: string;
  /** Set when the row was new. */
  fresh: boolean;
}

/**
 * Stores groups of events and the rollups of those that are new, in a transaction that the caller has begun on `client`.
 * Cells are kept under `writer`, which no other transaction uses at the same time.
 */
export async function appendGroups(
  client: pg.ClientBase,
  groups: readonly EventGroup[],
  writer: number,
): Promise<AppendResult[]> {
  const placed = groups.map(({ parts }) =>
    parts.map(({ dataset, rows }) => rows.map((row) => place(dataset, row))),
  );
  const byDataset = new Map<Dataset, Placed[]>();
  groups.forEach(({ parts }, group) => {
    parts.forEach(({ dataset }, part) => {
      const rows = placed[group]?.[part] ?? [];
      byDataset.set(dataset, (byDataset.get(dataset) ?? []).concat(rows));
    });
  });
  // Transactions that insert the same ids wait for each other: in one order of tables and ids they cannot wait in a circle.
  const datasets = [...byDataset.keys()].sort((left, right) => (left.table < right.table ? -1 : 1));
  for (const dataset of datasets) {
    const rows = byDataset.get(dataset) ?? [];
    await insertRows(client, dataset, rows);
    const fold = createFold(dataset);
    for (const { row, fresh } of rows) if (fresh) fold.add(row);
    await saveCells(client, dataset, fold.finish(), writer);
  }
  return placed.map((parts) => ({ fresh: parts.map((rows) => rows.map(({ fresh }) => fresh)) }));
}

function place({ at }: Dataset, row: Row): Placed {
  return {
    row,
    id: row[at.id as number] as string,
    projectId: row[at.projectId as number] as string,
    fresh: false,
  };
}

/** Inserts the rows and marks those that were new; of several with one id, the first. */
async function insertRows(client: pg.ClientBase, dataset: Dataset, rows: readonly Placed[]): Promise<void> {
  if (rows.length === 0) return;
  const inOrder = [...rows].sort(byKey);
  const { rows: inserted } = await client.query<[string, string]>({
    name: `insert ${dataset.table}`,
    text: insertStatement(dataset),
    values: dataset.columns.map((column) =>
      inOrder.map(({ row }) => toArrayElement(column, row[column.index])),
    ),
    rowMode: 'array',
  });
  if (inserted.length === rows.length) {
    for (const row of rows) row.fresh = true;
    return;
  }
  const keys = new Set(inserted.map(([projectId, id]) => `${id}${projectId}`));
  // The sort is stable: of rows with one id the first in the groups went first, as it does here.
  for (const row of rows) row.fresh = keys.delete(`${row.id}${row.projectId}`);
}

function byKey(left: Placed, right: Placed): number {
  if (left.id !== right.id) return left.id < right.id ? -1 : 1;
  if (left.projectId !== right.projectId) return left.projectId < right.projectId ? -1 : 1;
  return 0;
}

const TYPES: Readonly<Record<ColumnKind, string>> = {
  uuid: 'uuid',
  text: 'text',
  enum: 'text',
  integer: 'int',
  float: 'float8',
  money: 'int8',
  boolean: 'bool',
  timestamp: 'timestamptz',
  json: 'jsonb',
};

/** One array parameter per column: the statement is the same for every number of rows, and prepared once. */
function insertStatement({ table, columns }: Dataset): string {
  const names = columns.map((column) => `"${column.sqlName}"`).join(', ');
  const arrays = columns.map((column, index) => `$${index + 1}::${TYPES[column.kind]}[]`).join(', ');
  return `insert into "${table}" (${names}) select * from unnest(${arrays}) on conflict do nothing returning project_id, id`;
}

function toArrayElement(column: Column, value: ColumnValue | undefined): ColumnValue {
  if (value === null || value === undefined) return null;
  return column.kind === 'timestamp' ? new Date(value as number).toISOString() : value;
}
