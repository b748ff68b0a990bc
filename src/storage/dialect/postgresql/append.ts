import type pg from 'pg';
import { projectionKeys } from '../../../core/dataset/projection.ts';
import { type Row, textAt } from '../../../core/dataset/row.ts';
import { createTallyFold } from '../../../core/dataset/tally-fold.ts';
import { createFold } from '../../../core/rollup/fold.ts';
import type { AppendResult, EventGroup, StoredTable } from '../../store.ts';
import { projectionSql } from '../projection-sql.ts';
import { saveCells } from './cells.ts';
import { insertStatement } from './insert-statement.ts';
import { postgresqlInstants } from './instants.ts';
import { lockStates } from './lock-states.ts';
import { saveTallies } from './tallies.ts';
import type { WriterSession } from './writer.ts';
import { zipJson } from './zip-json.ts';

/** A row of the groups, and whether it was new. */
interface PendingRow {
  readonly row: Row;
  readonly id: string;
  readonly projectId: string;
  /** Set when the row was new. */
  fresh: boolean;
  /** The event that brings this state along. */
  readonly broughtBy?: PendingRow | undefined;
}

const KEYS = `select c0, c1::uuid, c2 from ${zipJson(3)}`;

/**
 * Stores groups of events and the rollups of the new ones, in a transaction that the caller has
 * begun. Cells are stored under the slot of the session, which no other transaction uses at the same
 * time.
 */
export async function appendGroups(
  session: Pick<WriterSession, 'client' | 'slot' | 'arrivals' | 'isSpread'>,
  groups: readonly EventGroup[],
): Promise<AppendResult[]> {
  const { client, arrivals } = session;
  const pending = groups.map(pendingRowsOf);
  const byDataset = new Map<StoredTable, PendingRow[]>();
  groups.forEach(({ parts }, group) => {
    parts.forEach(({ dataset }, part) => {
      const rows = pending[group]?.[part] ?? [];
      byDataset.set(dataset, (byDataset.get(dataset) ?? []).concat(rows));
    });
  });
  const tallies = createTallyFold();
  for (const dataset of inOneOrder(byDataset)) {
    const rows = (byDataset.get(dataset) ?? []).filter(({ broughtBy }) => broughtBy?.fresh !== false);
    const arrival = dataset.kind === 'event' && rows.length > 0 ? await arrivals.next(dataset.name) : null;
    await insertRows(client, { dataset, arrival }, rows);
    const fresh = rows.filter((row) => row.fresh).map(({ row }) => row);
    const fold = createFold(dataset);
    for (const row of fresh) fold.add(row);
    await saveCells(client, dataset, fold.finish(), session);
    await project(client, dataset, fresh);
    if (dataset.tally) tallies.add(dataset.tally, fresh);
  }
  await saveTallies(client, tallies);
  return pending.map((parts) => ({ fresh: parts.map((rows) => rows.map(({ fresh }) => fresh)) }));
}

/**
 * Transactions that insert the same ids wait for each other. They insert in one order of tables and
 * ids, so they cannot deadlock. States come after all events, because they are stored only with
 * events that were new.
 */
function inOneOrder(byDataset: ReadonlyMap<StoredTable, readonly PendingRow[]>): StoredTable[] {
  const isBrought = (table: StoredTable) => byDataset.get(table)?.[0]?.broughtBy !== undefined;
  return [...byDataset.keys()].sort(
    (left, right) =>
      Number(isBrought(left)) - Number(isBrought(right)) || (left.table < right.table ? -1 : 1),
  );
}

/** Recomputes the states that new events belong to. */
async function project(client: pg.ClientBase, dataset: StoredTable, fresh: readonly Row[]): Promise<void> {
  for (const plan of dataset.projections ?? []) {
    const keys = projectionKeys(plan, fresh);
    if (keys.length === 0) continue;
    const ids = JSON.stringify(keys.map(({ id }) => id));
    // Another transaction may be storing events of the same state. After waiting here, the next
    // statement sees them.
    await lockStates(client, ids);
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

function pendingRowsOf({ parts }: EventGroup): PendingRow[][] {
  const pending: PendingRow[][] = [];
  for (const { dataset, rows, broughtBy } of parts) {
    const events = broughtBy?.rows.map((row) => pending[broughtBy.part]?.[row]);
    pending.push(rows.map((row, index) => pendingRow(dataset, row, events?.[index])));
  }
  return pending;
}

function pendingRow({ at }: StoredTable, row: Row, broughtBy: PendingRow | undefined): PendingRow {
  return {
    row,
    id: textAt(row, at.id),
    projectId: textAt(row, at.projectId),
    fresh: false,
    broughtBy,
  };
}

interface Insert {
  readonly dataset: StoredTable;
  /** The number of events; null for states, which have none. */
  readonly arrival: number | null;
}

/**
 * Inserts the rows and marks those that were new. Of several rows with one id, only the first is
 * new.
 */
async function insertRows(
  client: pg.ClientBase,
  { dataset, arrival }: Insert,
  rows: readonly PendingRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const inOrder = [...rows].sort(byKey);
  const values: unknown[] = dataset.columns.map(({ index }) =>
    JSON.stringify(inOrder.map(({ row }) => row[index])),
  );
  if (arrival !== null) values.push(arrival);
  const { rows: inserted } = await client.query<[string, string]>({
    name: `insert ${dataset.table}`,
    text: insertStatement(dataset),
    values,
    rowMode: 'array',
  });
  if (inserted.length === rows.length) {
    for (const row of rows) row.fresh = true;
    return;
  }
  const keys = new Set(inserted.map(([projectId, id]) => `${id}${projectId}`));
  // The sort is stable: of the rows with one id, the first in the groups was inserted, and is first
  // here too.
  for (const row of rows) row.fresh = keys.delete(`${row.id}${row.projectId}`);
}

function byKey(left: PendingRow, right: PendingRow): number {
  if (left.id !== right.id) return left.id < right.id ? -1 : 1;
  if (left.projectId !== right.projectId) return left.projectId < right.projectId ? -1 : 1;
  return 0;
}
