import type { InstantSql } from './instant-sql.ts';

/**
 * Events grouped by keys. For each key, `clockBehindSql` finds those from a clock that is behind.
 */
export interface KeyedEvents {
  readonly table: string;
  /**
   * A table expression: `project_id`, and the columns that determine which events belong to a key.
   */
  readonly keys: string;
  /** The columns of `keys`, including `project_id`. The result has all of them. */
  readonly keyColumns: readonly string[];
  /** The column of `keyColumns` whose value is different for each key. */
  readonly identity: string;
  /**
   * SQL for the id of an event of the key in `keys`, null if there is none. `rest` are further
   * conditions on `event`.
   */
  readonly idOf: (keys: string, rest: string, newestFirst: readonly string[]) => string;
}

/** How many of the last receipts of each key are examined. */
const MAX_RECEIPTS = 8;
/**
 * The minimum time between two of these receipts. In that time the timestamps of an import advance
 * by hours, those of a running clock by seconds.
 */
const APART_MS = 2_000;
/**
 * The maximum time between two receipts that are compared. Receipts further apart prove nothing
 * about the clock: an import may run each night for the day before.
 */
const TOGETHER_MS = 15 * 60_000;
/** A smaller lag is ignored: it may be the time that sending takes. */
export const BEHIND_MS = 60_000;
/** The tolerance for the difference of two gaps. A tenth of the gap is added to it. */
const JITTER_MS = 1_000;

/**
 * The end of a select of one `event`: the greatest by these columns, or any event if there are no
 * columns.
 */
export function newestFirst(columns: readonly string[]): string {
  const order = columns.map((name) => `event."${name}" desc`).join(', ');
  return columns.length === 0 ? 'limit 1' : `order by ${order} limit 1`;
}

const NEWEST_FIRST = ['received_at', 'timestamp', 'id'];

/**
 * Common table expressions that end with `behind`: the key columns, `event_id`, `received_at` and
 * `timestamp` of the recent events that came from a clock that is behind. Such a clock runs as fast
 * as ours: between two receipts, the same time passes on both. The timestamps of an import, or of a
 * client that catches up, advance faster. Old events that are sent again among new ones go back in
 * time. A single event proves nothing. If the last event of a key is on time, its other events are
 * not read.
 */
export function clockBehindSql(events: KeyedEvents, instants: InstantSql): string {
  const { table, keyColumns, keys, identity, idOf } = events;
  const { millisecondsBetween: between } = instants;
  const columns = keyColumns.map((name) => `"${name}"`).join(', ');
  const of = (alias: string) => keyColumns.map((name) => `${alias}."${name}"`).join(', ');
  const sooner = `and event.received_at <= ${instants.before('receipts.received_at', APART_MS)}`;
  const lag = between('one."timestamp"', 'one.received_at');
  const received = between('older.received_at', 'newer.received_at');
  const said = between('older."timestamp"', 'newer."timestamp"');
  // An index cannot use the difference of the timestamps as a bound. The condition on the receipts
  // limits the rows.
  const goesBack = `and ${between('newer."timestamp"', 'event."timestamp"')} > 0
    and event.received_at >= older.received_at and event.received_at <= newer.received_at`;
  const ofLast = (column: string) =>
    `(select "${column}" from "${table}" as found where found.project_id = last.project_id and found.id = last.event_id)`;
  return `last as materialized (select ${of('keys')}, ${idOf('keys', '', NEWEST_FIRST)} as event_id from ${keys} as keys),
    opening as materialized (select ${of('last')}, last.event_id, ${ofLast('received_at')} as received_at, ${ofLast('timestamp')} as "timestamp" from last),
    receipts (${columns}, event_id, received_at, "timestamp", number) as (
      select one.*, 1 from opening as one where ${lag} > ${BEHIND_MS}
      union all
      select ${of('receipts')}, found.id, found.received_at, found."timestamp", receipts.number + 1
      from receipts cross join "${table}" as found
      where receipts.number < ${MAX_RECEIPTS} and found.project_id = receipts.project_id and found.id = ${idOf('receipts', sooner, NEWEST_FIRST)}
    ),
    slow as materialized (select * from receipts as one where ${lag} > ${BEHIND_MS}),
    paced (identity, newer, older) as materialized (
      select newer."${identity}", newer.event_id, older.event_id
      from slow as newer join slow as older on older."${identity}" = newer."${identity}" and older.number > newer.number
      where ${received} <= ${TOGETHER_MS} and abs(${received} - ${said}) <= ${JITTER_MS} + ${received} / 10.0
        and ${idOf('newer', goesBack, [])} is null
    ),
    behind as materialized (
      select * from slow where exists (
        select 1 from paced where paced.identity = slow."${identity}" and slow.event_id in (paced.newer, paced.older))
    )`;
}
