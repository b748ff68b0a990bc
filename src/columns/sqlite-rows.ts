import { openForReading } from '../storage/dialect/sqlite/database.ts';
import type { Connection, Statement } from '../storage/dialect/sqlite/driver.ts';
import { heldColumns } from './held-columns.ts';
import type {
  CopiedDataset,
  CopyPosition,
  CorrectedPosition,
  CorrectionMark,
  ExpiredRows,
  MissingRows,
  ProjectRemoval,
  RowCorrection,
  RowPage,
  RowSource,
} from './row-source.ts';

const CACHE_KIB = 8 * 1024;
/** SQLite has one writer. */
const WRITER = 0;

/**
 * The last row's arrival, project, id, timestamp and time of receipt; then the count and the lists.
 */
type PageRow = [number | null, string, string, number, number, number, ...string[]];

interface DatasetStatements {
  readonly committed: Statement<[dataset: string], { readonly last: number }>;
  readonly page: Statement<[after: number, limit: number], PageRow>;
  readonly arrival: Statement<[projectId: string, id: string], { readonly arrival: number }>;
  readonly corrected: Statement<[projectId: string, time: number, id: string, last: number], CorrectedRow>;
}

/** The count; then lists of the ids, the times, and the corrected columns. */
type CorrectedRow = [number, string, string, ...string[]];
/** The number of rows that are corrected in one statement. */
const CORRECTED_ROWS = 4_096;

/**
 * Reads the rows of an SQLite file on a connection of its own. An arrival is the row's number in
 * its table (`rowid`), which the appender assigns and never reuses. A position is the arrival of
 * the last row.
 */
export function openSqliteRows(file: string): RowSource {
  const connection = openForReading(file);
  // Each row is read only once.
  connection.pragma(`cache_size = -${CACHE_KIB}`);
  const removals = connection.prepare<[number], ProjectRemoval>(
    'select number, project_id as projectId from project_removals where number > ? order by number',
  );
  const removal = connection.prepare<[number], { readonly projectId: string }>(
    'select project_id as projectId from project_removals where number = ?',
  );
  const removed = connection.prepare<[number], { readonly projectId: string }>(
    `select project_id as projectId from project_removals where number > ?
     union select project_id from projects where deleting_at is not null`,
  );
  const corrections = connection.prepare<[dataset: string, after: number], RowCorrection>(
    `select number, id, project_id as projectId, first, last from row_corrections
     where dataset = ? and number > ? order by number limit 1`,
  );
  const lastCorrection = connection.prepare<[dataset: string], CorrectionMark>(
    'select number, id from row_corrections where dataset = ? order by number desc limit 1',
  );
  const correction = connection.prepare<[number], { readonly id: string }>(
    'select id from row_corrections where number = ?',
  );
  const expired = connection.prepare<[], ExpiredRows>(
    `select dataset, project_id as projectId, instant as before from retention_horizons where source = 'RAW'`,
  );
  const known = new Map<string, DatasetStatements>();

  function statementsOf(dataset: CopiedDataset): DatasetStatements {
    const found = known.get(dataset.name) ?? prepare(connection, dataset);
    known.set(dataset.name, found);
    return found;
  }

  const committedOf = (dataset: CopiedDataset) =>
    statementsOf(dataset).committed.get(dataset.name)?.last ?? 0;

  const missing = connection.transaction(
    (dataset: CopiedDataset, position: CopyPosition, limit: number): MissingRows => {
      const committed = committedOf(dataset);
      const before = arrivalOf(position);
      const page = toPage(statementsOf(dataset).page.get(before, limit));
      // Whatever lies between the last row and the last number was skipped or removed.
      const isAll = page === null || page.count < limit;
      const arrival = isAll ? Math.max(before, committed) : (page.witnesses[0]?.arrival ?? before);
      return {
        removals: removals.all(position.removal.number),
        correction: corrections.get(dataset.name, position.correction.number) ?? null,
        lastCorrection: lastCorrection.get(dataset.name) ?? null,
        page,
        rows: toText(arrival),
        left: committed - arrival,
      };
    },
  );

  return {
    connections: 1,
    missing: async (...question) => missing.deferred(...question),
    hasReached: async (dataset, position) => arrivalOf(position) <= committedOf(dataset),
    async arrivalsOf(dataset, rows) {
      const { arrival } = statementsOf(dataset);
      return rows.map(({ projectId, id }) => arrival.get(projectId, id)?.arrival ?? null);
    },
    projectOf: async (number) => removal.get(number)?.projectId ?? null,
    removedAfter: async (number) => new Set(removed.all(number).map(({ projectId }) => projectId)),
    async corrected(dataset, { projectId, first, last }, after) {
      const [timestamp, id] = after === null ? [first, ''] : [after.timestamp, after.id];
      const row = statementsOf(dataset).corrected.get(projectId, timestamp, id, last);
      if (row === undefined || row[0] === 0) return null;
      const [count, ids, times, ...columns] = row;
      return { count, columns: [ids, ...columns], last: lastOf(ids, times) };
    },
    correctionOf: async (number) => correction.get(number)?.id ?? null,
    expired: async () => expired.all(),
    close: async () => void connection.close(),
  };
}

/** A position, as text. */
const toText = (arrival: number): string => JSON.stringify({ arrival });
const arrivalOf = ({ rows }: CopyPosition): number => (rows === '' ? 0 : Number(JSON.parse(rows).arrival));

function prepare(connection: Connection, dataset: CopiedDataset): DatasetStatements {
  const names = heldColumns(dataset).map(({ column }) => `"${column.sqlName}"`);
  const lists = ['arrival', ...names].map((name) => `json_group_array(${name})`);
  const rows = `select rowid as arrival, ${names.join(', ')} from "${dataset.table}"
    where rowid > ? order by rowid limit ?`;
  const corrected = heldColumns({ columns: dataset.corrected }).map(({ column }) => `"${column.sqlName}"`);
  return {
    committed: connection.prepare<[dataset: string], { readonly last: number }>(
      `select max(coalesce((select last from arrivals where dataset = ?), 0),
         coalesce((select max(rowid) from "${dataset.table}"), 0)) as last`,
    ),
    // With max(), the other columns are those of the row that has it.
    page: connection
      .prepare<[after: number, limit: number], PageRow>(
        `select max(arrival), project_id, id, timestamp, received_at, count(*), ${lists.join(', ')}
         from (${rows})`,
      )
      .raw(),
    arrival: connection.prepare<[projectId: string, id: string], { readonly arrival: number }>(
      `select rowid as arrival from "${dataset.table}" where project_id = ? and id = ?`,
    ),
    corrected: connection
      .prepare<[projectId: string, time: number, id: string, last: number], CorrectedRow>(
        `select count(*), ${['id', 'timestamp', ...corrected].map((name) => `json_group_array(${name})`).join(', ')}
         from (select * from "${dataset.table}" where project_id = ? and (timestamp, id) > (?, ?) and timestamp <= ?
           order by timestamp, id limit ${CORRECTED_ROWS})`,
      )
      .raw(),
  };
}

function lastOf(ids: string, times: string): CorrectedPosition {
  const [id, timestamp] = [ids, times].map((list) => JSON.parse(list).at(-1));
  return { id: String(id), timestamp: Number(timestamp) };
}

function toPage(row: PageRow | undefined): RowPage | null {
  if (row === undefined || row[0] === null) return null;
  const [arrival, projectId, id, timestamp, receivedAt, count, ...columns] = row;
  return {
    count,
    witnesses: [{ writer: WRITER, arrival, projectId, id, timestamp, receivedAt }],
    columns,
  };
}
