import type pg from 'pg';
import type { QueryBuilder, Store } from '../../../store.ts';

/** The columns of the primary key of the cells. */
const CELL_KEY = ['project_id', 'dataset', 'dimension_set', 'grain', 'bucket', 'dimension_key', 'writer'];
const EVENT_KEY = ['project_id', 'id'];

export const CELLS = 'rollup_cells';
/**
 * The column by which cells are spread. Cells of one minute lie together, so an append reaches few
 * nodes, and a question about a range reaches all. Spread by `dimension_key`, an append reached all
 * nodes, and recorded a third of the events (`npm run bench:citus`). From some 16 workers on, that
 * spreads better (`npm run bench:simulate`).
 */
export const KEY_OF_CELLS = 'bucket';
/** The column by which events are spread: evenly, whatever a project sends. */
export const KEY_OF_EVENTS = 'id';

/** What decides on which nodes the rows of a table are. */
export interface PlacedTable {
  readonly table: string;
  readonly kind?: 'event' | 'state';
  /** Statements walk through its index from key to key, which Citus cannot do on a spread table. */
  readonly undivided?: boolean;
}

/**
 * The tables that are spread over the nodes: those of events, and the cells. All others are on the
 * coordinator.
 */
export function spreadTables(declared: readonly PlacedTable[]): readonly string[] {
  const events = declared.filter(({ kind, undivided }) => kind === 'event' && !undivided);
  return [...events.map(({ table }) => table), CELLS];
}

export const keyOf = (table: string): readonly string[] => (table === CELLS ? CELL_KEY : EVENT_KEY);

/**
 * Whether the tables may be spread over several servers by the extension Citus. Then no statement
 * sees all of them as they were at one moment.
 */
export async function isDistributed({ dialect, query }: Pick<Store, 'dialect' | 'query'>): Promise<boolean> {
  return dialect === 'postgresql' && (await hasCitus(query));
}

/** Whether the database has the extension Citus. */
export async function hasCitus(query: QueryBuilder): Promise<boolean> {
  const extension = query.selectFrom('pg_extension').select('extname').where('extname', '=', 'citus');
  return (await extension.executeTakeFirst()) !== undefined;
}

/** The tables of this schema that Citus has spread; none without Citus. */
export async function readSpreadTables(query: QueryBuilder): Promise<ReadonlySet<string>> {
  if (!(await hasCitus(query))) return new Set();
  const rows = await query
    .selectFrom('pg_dist_partition')
    .innerJoin('pg_class', 'pg_class.oid', 'pg_dist_partition.logicalrelid')
    .where('partmethod', '=', 'h')
    .select('relname')
    .execute();
  return new Set(rows.map(({ relname }) => String(relname)));
}

/** The same for the cells alone, on the connection that writes them. */
export async function areCellsSpread(client: Pick<pg.ClientBase, 'query'>): Promise<boolean> {
  const { rows } = await client.query<{ known: boolean }>(
    `select to_regclass('pg_catalog.pg_dist_partition') is not null as known`,
  );
  if (rows[0]?.known !== true) return false;
  const spread = await client.query('select 1 from pg_dist_partition where logicalrelid = to_regclass($1)', [
    CELLS,
  ]);
  return spread.rows.length > 0;
}
