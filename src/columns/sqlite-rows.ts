import { type Connection, openForReading, type Statement } from '../storage/dialect/sqlite/database.ts';
import { heldColumns } from './held-columns.ts';
import type {
  CopiedDataset,
  CopyPosition,
  ExpiredRows,
  MissingRows,
  ProjectRemoval,
  RowPage,
  RowSource,
} from './row-source.ts';

const CACHE_KIB = 8 * 1024;

interface DatasetStatements {
  readonly committed: Statement<[dataset: string], { readonly last: number }>;
  readonly page: Statement<
    [after: number, limit: number],
    [number | null, string | null, number, ...string[]]
  >;
  readonly id: Statement<[arrival: number], { readonly id: string }>;
}

/**
 * Reads the rows of an SQLite file on a connection of its own. An arrival is the row's number in
 * its table (`rowid`), which the appender gives and never gives again.
 */
export function openSqliteRows(file: string): RowSource {
  const connection = openForReading(file);
  // Each row is read once.
  connection.pragma(`cache_size = -${CACHE_KIB}`);
  const removals = connection.prepare<[number], ProjectRemoval>(
    'select number, project_id as projectId from project_removals where number > ? order by number',
  );
  const removal = connection.prepare<[number], { readonly projectId: string }>(
    'select project_id as projectId from project_removals where number = ?',
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

  const missing = connection.transaction(
    (dataset: CopiedDataset, position: CopyPosition, limit: number): MissingRows => {
      const { committed, page } = statementsOf(dataset);
      return {
        committed: committed.get(dataset.name)?.last ?? 0,
        removals: removals.all(position.removal.number),
        page: toPage(page.get(position.arrival, limit)),
      };
    },
  );

  return {
    missing: async (...question) => missing.deferred(...question),
    async idsOf(dataset, arrivals) {
      const { id } = statementsOf(dataset);
      const found = arrivals.map((arrival) => [arrival, id.get(arrival)?.id] as const);
      return new Map(found.flatMap(([arrival, value]) => (value === undefined ? [] : [[arrival, value]])));
    },
    projectOf: async (number) => removal.get(number)?.projectId ?? null,
    expired: async () => expired.all(),
    close: async () => void connection.close(),
  };
}

function prepare(connection: Connection, dataset: CopiedDataset): DatasetStatements {
  const names = heldColumns(dataset).map(({ column }) => `"${column.sqlName}"`);
  const lists = ['arrival', ...names].map((name) => `json_group_array(${name})`);
  const rows = `select rowid as arrival, ${names.join(', ')} from "${dataset.table}"
    where rowid > ? order by rowid limit ?`;
  return {
    committed: connection.prepare(
      `select max(coalesce((select last from arrivals where dataset = ?), 0),
         coalesce((select max(rowid) from "${dataset.table}"), 0)) as last`,
    ),
    // With max(), the other columns are those of the row that has it.
    page: connection.prepare(`select max(arrival), id, count(*), ${lists.join(', ')} from (${rows})`).raw(),
    id: connection.prepare(`select id from "${dataset.table}" where rowid = ?`),
  } as DatasetStatements;
}

function toPage(row: [number | null, string | null, number, ...string[]] | undefined): RowPage | null {
  const [arrival = null, id = null, count = 0, ...columns] = row ?? [];
  return arrival === null || id === null ? null : { count, last: { arrival, id }, columns };
}
