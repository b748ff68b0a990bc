import type pg from 'pg';
import type { ColumnKind } from '../../../core/dataset/column.ts';
import { projectionKeys } from '../../../core/dataset/projection.ts';
import type { Row } from '../../../core/dataset/row.ts';
import { createFold } from '../../../core/rollup/fold.ts';
import type { AppendResult, EventGroup, StoredTable } from '../../store.ts';
import { projectionSql } from '../projection-sql.ts';
import { saveCells } from './cells.ts';
import { postgresqlInstants } from './instants.ts';
import { zipJson } from './zip-json.ts';

/** A row with its place in the groups. */
interface Placed {
  readonly row: Row;
  readonly id: string;
  readonly projectId: string;
  /** Set when the row was new. */
  fresh: boolean;
  /** The event that brings it along. */
  readonly bringer?: Placed | undefined;
}

/** In the order given. The seed keeps these locks apart from others. */
const LOCK_STATES = `select pg_advisory_xact_lock(hashtextextended(id, 7406)) from json_array_elements_text($1::json) as given (id)`;
const KEYS = `select c0, c1::uuid, c2 from ${zipJson(3)}`;

/**
 * Stores groups of events and the rollups of those that are new, in a transaction that the caller
 * has begun on `client`. Cells are kept under `writer`, which no other transaction uses at the same
 * time.
 */
export async function appendGroups(
  client: pg.ClientBase,
  groups: readonly EventGroup[],
  writer: number,
): Promise<AppendResult[]> {
  const placed = groups.map(placeGroup);
  const byDataset = new Map<StoredTable, Placed[]>();
  groups.forEach(({ parts }, group) => {
    parts.forEach(({ dataset }, part) => {
      const rows = placed[group]?.[part] ?? [];
      byDataset.set(dataset, (byDataset.get(dataset) ?? []).concat(rows));
    });
  });
  for (const dataset of inOneOrder(byDataset)) {
    const rows = (byDataset.get(dataset) ?? []).filter(({ bringer }) => bringer?.fresh !== false);
    await insertRows(client, dataset, rows);
    const fold = createFold(dataset);
    for (const { row, fresh } of rows) if (fresh) fold.add(row);
    await saveCells(client, dataset, fold.finish(), writer);
    await project(client, dataset, rows);
  }
  return placed.map((parts) => ({ fresh: parts.map((rows) => rows.map(({ fresh }) => fresh)) }));
}

/**
 * Transactions that insert the same ids wait for each other: in one order of tables and ids they
 * cannot wait in a circle. What events bring along comes behind all events: it is stored with those
 * that are new.
 */
function inOneOrder(byDataset: ReadonlyMap<StoredTable, readonly Placed[]>): StoredTable[] {
  const isBrought = (table: StoredTable) => byDataset.get(table)?.[0]?.bringer !== undefined;
  return [...byDataset.keys()].sort(
    (left, right) =>
      Number(isBrought(left)) - Number(isBrought(right)) || (left.table < right.table ? -1 : 1),
  );
}

/** Makes the states anew that new events belong to. */
async function project(client: pg.ClientBase, dataset: StoredTable, rows: readonly Placed[]): Promise<void> {
  const fresh = rows.filter((row) => row.fresh).map(({ row }) => row);
  for (const plan of dataset.projections ?? []) {
    const keys = projectionKeys(plan, fresh);
    if (keys.length === 0) continue;
    const ids = JSON.stringify(keys.map(({ id }) => id));
    // Another transaction may be storing events of the same state. Who waits here sees them in the
    // next statement.
    await client.query(LOCK_STATES, [ids]);
    await client.query({
      name: `project ${plan.table}`,
      text: projectionSql(plan, KEYS, postgresqlInstants),
      values: [
        JSON.stringify(keys.map(({ projectId }) => projectId)),
        ids,
        JSON.stringify(keys.map(({ key }) => key)),
      ],
    });
  }
}

function placeGroup({ parts }: EventGroup): Placed[][] {
  const placed: Placed[][] = [];
  for (const { dataset, rows, broughtBy } of parts) {
    const bringers = broughtBy?.rows.map((row) => placed[broughtBy.part]?.[row]);
    placed.push(rows.map((row, index) => place(dataset, row, bringers?.[index])));
  }
  return placed;
}

function place({ at }: StoredTable, row: Row, bringer: Placed | undefined): Placed {
  return {
    row,
    id: row[at.id] as string,
    projectId: row[at.projectId] as string,
    fresh: false,
    bringer,
  };
}

/** Inserts the rows and marks those that were new; of several with one id, the first. */
async function insertRows(
  client: pg.ClientBase,
  dataset: StoredTable,
  rows: readonly Placed[],
): Promise<void> {
  if (rows.length === 0) return;
  const inOrder = [...rows].sort(byKey);
  const { rows: inserted } = await client.query<[string, string]>({
    name: `insert ${dataset.table}`,
    text: insertStatement(dataset),
    values: dataset.columns.map(({ index }) => JSON.stringify(inOrder.map(({ row }) => row[index]))),
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

/** How the text of a value becomes the value. */
const CASTS: Readonly<Record<ColumnKind, (text: string) => string>> = {
  uuid: (text) => `${text}::uuid`,
  text: (text) => text,
  enum: (text) => text,
  integer: (text) => `${text}::int4`,
  float: (text) => `${text}::float8`,
  money: (text) => `${text}::int8`,
  boolean: (text) => `${text}::bool`,
  timestamp: (text) => `to_timestamp(${text}::float8 / 1000)`,
  duration: (text) => text,
  json: (text) => `${text}::jsonb`,
  texts: (text) => `${text}::jsonb`,
};

/**
 * One parameter per column, the values of all rows as a JSON array: the statement is the same for
 * any number of rows, and such arrays are made and read several times faster than those of
 * PostgreSQL.
 */
function insertStatement({ table, columns }: StoredTable): string {
  const names = columns.map((column) => `"${column.sqlName}"`).join(', ');
  const values = columns.map((column) => CASTS[column.kind](`given.c${column.index}`)).join(', ');
  return `insert into "${table}" (${names}) select ${values} from ${zipJson(columns.length)}
    on conflict do nothing returning project_id, id`;
}
