import { projectionKeys } from '../../../core/dataset/projection.ts';
import type { Row } from '../../../core/dataset/row.ts';
import { createTallyFold } from '../../../core/dataset/tally-fold.ts';
import { foldRows } from '../../../core/rollup/fold.ts';
import { type CellEncoder, createCellEncoder } from '../../../core/rollup/folded-cell.ts';
import { codeOf } from '../../../core/thrown.ts';
import type { AppendRequest, DatasetData } from '../append-request.ts';
import { projectionSql } from '../projection-sql.ts';
import { findCells, saveCells } from './cells.ts';
import { copyIn } from './copy-rows.ts';
import { insertStatement } from './insert-statement.ts';
import { postgresqlInstants } from './instants.ts';
import { lockStates } from './lock-states.ts';
import { type PendingRow, type PreparedAppend, type PreparedTable, prepareAppend } from './prepare-append.ts';
import type { AppendReply, Arrived } from './protocol.ts';
import { saveTallies } from './tallies.ts';
import type { WriterConnection, WriterSession } from './writer-connection.ts';
import { zipJson } from './zip-json.ts';

const KEYS = `select c0, c1::uuid, c2 from ${zipJson(3)}`;
/**
 * Codes that may mean that a row is already stored: a unique violation, or an internal error of
 * Citus, which passes on the node's message about copied rows without its code. If it means
 * something else, the insert meets it too.
 */
const MAY_BE_STORED = new Set(['23505', 'XX000']);
/**
 * After an event that was already stored, this many appends are inserted without trying to copy
 * them: whoever sends one event again often sends more of them.
 */
const INSERTED_AFTER_DUPLICATE = 50;

/**
 * Creates a function that stores groups of events and the rollups of the new ones in one
 * transaction. It prepares an append at once, and stores it after those before it.
 *
 * Many rows are copied, which takes half the time of an insert but fails if one of them is already
 * stored. Then the transaction is rolled back, and the rows are inserted, which finds out which
 * ones were stored.
 */
export function createAppender(
  connection: Pick<WriterConnection, 'transaction'>,
  datasets: readonly DatasetData[],
): (request: AppendRequest) => Promise<AppendReply> {
  const encoder = createCellEncoder();
  let insertsLeft = 0;

  const storeIn = (prepared: PreparedAppend, mayCopy: boolean) =>
    connection.transaction((session) => storeTables(session, prepared, { mayCopy, encoder }));

  async function store(prepared: PreparedAppend): Promise<Arrived[]> {
    const mayCopy = insertsLeft === 0 && prepared.tables.some(({ copy }) => copy !== null);
    if (insertsLeft > 0) insertsLeft--;
    if (mayCopy) {
      try {
        return await storeIn(prepared, true);
      } catch (error) {
        if (!MAY_BE_STORED.has(codeOf(error) ?? '')) throw error;
        insertsLeft = INSERTED_AFTER_DUPLICATE;
      }
    }
    return storeIn(prepared, false);
  }

  return async (request) => {
    const prepared = prepareAppend(request, datasets);
    const arrived = await store(prepared);
    const fresh = prepared.pending.map((parts) => parts.map((rows) => rows.map((row) => row.fresh)));
    return { fresh, arrived };
  };
}

/**
 * Cells are stored under the slot of the session, which no other transaction uses at the same time.
 */
async function storeTables(
  session: WriterSession,
  { tables }: PreparedAppend,
  { mayCopy, encoder }: { readonly mayCopy: boolean; readonly encoder: CellEncoder },
): Promise<Arrived[]> {
  const tallies = createTallyFold();
  const arrived: Arrived[] = [];
  for (const table of tables) {
    const { dataset } = table;
    const rows = wantedOf(table);
    if (rows.length === 0) continue;
    const arrival = dataset.kind === 'event' ? await session.arrivals.next(dataset.name) : null;
    const inserting =
      mayCopy && arrival !== null && table.copy !== null
        ? copyRows(session, table, arrival)
        : insertRows(session, dataset, rows, arrival);
    const [, stored] = await Promise.all([inserting, findCells(session, dataset, table.cells)]);
    const fresh = table.rows.filter((row) => row.fresh).map(({ row }) => row);
    if (fresh.length === 0) continue;
    if (arrival !== null) arrived.push({ dataset: dataset.name, slot: session.slot, arrival });
    const areAll = fresh.length === table.rows.length;
    saveCells(session, dataset, areAll ? table.cells : foldRows(dataset, fresh), stored, encoder);
    project(session, dataset, fresh);
    if (dataset.tally) tallies.add(dataset.tally, fresh);
  }
  await saveTallies(session, tallies);
  return arrived;
}

/** All rows, in the order of their keys, except states that came with events that are not new. */
function wantedOf({ sorted }: PreparedTable): readonly PendingRow[] {
  // A transaction that runs again starts from the beginning.
  for (const row of sorted) row.fresh = false;
  return sorted.filter(({ broughtBy }) => broughtBy?.fresh !== false);
}

/** Recomputes the states that new events belong to. */
function project({ client, leave }: WriterSession, dataset: DatasetData, fresh: readonly Row[]): void {
  for (const plan of dataset.projections) {
    const keys = projectionKeys(plan, fresh);
    if (keys.length === 0) continue;
    const ids = JSON.stringify(keys.map(({ id }) => id));
    // Another transaction may be storing events of the same state. After waiting here, the next
    // statement sees them.
    leave(lockStates(client, ids));
    leave(
      client.query({
        name: `project ${plan.table}`,
        text: projectionSql(plan, KEYS, postgresqlInstants),
        values: [
          JSON.stringify(keys.map(({ projectId }) => projectId)),
          ids,
          JSON.stringify(keys.map(({ key }) => key)),
        ],
      }),
    );
  }
}

/** @throws DatabaseError 23505 if one of the rows is already stored. */
async function copyRows({ client }: WriterSession, { copy, rows }: PreparedTable, arrival: number) {
  if (copy === null) return;
  await copyIn(client, copy.text, copy.withArrival(arrival));
  for (const row of rows) row.fresh = true;
}

/**
 * Inserts the rows and marks those that were new. Of several rows with one id, only the first is
 * new.
 *
 * @param arrival the number of the events; null for states, which have none
 */
async function insertRows(
  { client }: WriterSession,
  dataset: DatasetData,
  rows: readonly PendingRow[],
  arrival: number | null,
): Promise<void> {
  const values: unknown[] = dataset.columns.map(({ index }) =>
    JSON.stringify(rows.map(({ row }) => row[index])),
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
  // The rows are in the order of their keys, and the sort is stable. Of the rows with one id, the
  // first in the groups was inserted, and it is first here too.
  for (const row of rows) row.fresh = keys.delete(`${row.id}${row.projectId}`);
}
