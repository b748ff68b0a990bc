import type { InstantSql } from './instant-sql.ts';

/** Events, of which it is asked per key whether they come from a clock that is behind. */
export interface HeardEvents {
  readonly table: string;
  /**
   * A table expression with the column `project_id`, and those that tell which events are of a key.
   */
  readonly keys: string;
  /** Its columns, `project_id` among them; all of them come back in the answer. */
  readonly keyColumns: readonly string[];
  /** The one of them whose value is different for each key. */
  readonly identity: string;
  /**
   * The id of an event of the key in `keys`: `rest` are further conditions on `event`. Null when
   * there is none.
   */
  readonly idOf: (keys: string, rest: string, newestFirst: readonly string[]) => string;
}

/** How many receipts of each key are looked at, the last ones. */
const RECEIPTS = 8;
/**
 * Between two of them lie at least so many milliseconds: an import brings hours within them, a
 * clock seconds.
 */
const APART_MS = 2_000;
/**
 * Two receipts that lie further apart say nothing of the clock: somebody may import each night what
 * happened the day before.
 */
const TOGETHER_MS = 15 * 60_000;
/**
 * By so much a clock is behind before it matters; less is the time that it takes to send something.
 */
export const BEHIND_MS = 60_000;
/** How far two gaps may differ: by so much, and by a tenth of the gap. */
const JITTER_MS = 1_000;

/**
 * The end of a select of one `event`: the first by these columns, from the greatest down; any,
 * without columns.
 */
export function newestFirst(columns: readonly string[]): string {
  const order = columns.map((name) => `event."${name}" desc`).join(', ');
  return columns.length === 0 ? 'limit 1' : `order by ${order} limit 1`;
}

const NEWEST_FIRST = ['received_at', 'timestamp', 'id'];

/**
 * Common table expressions that end with `behind`: the key columns, `event_id`, `received_at` and
 * `timestamp` of the recent events that came from a clock that is behind. Such a clock goes as fast
 * as ours: between two receipts as much time passes on it as here. What an import or a client that
 * catches up sends goes faster; what is sent again beside new events goes back behind them. Nothing
 * is told by one event. Where the last one is on time there is nothing to look for.
 */
export function clockBehindSql(events: HeardEvents, instants: InstantSql): string {
  const { table, keyColumns, keys, identity, idOf } = events;
  const { millisecondsBetween: between } = instants;
  const columns = keyColumns.map((name) => `"${name}"`).join(', ');
  const of = (alias: string) => keyColumns.map((name) => `${alias}."${name}"`).join(', ');
  const sooner = `and event.received_at <= ${instants.before('heard.received_at', APART_MS)}`;
  const lag = between('one."timestamp"', 'one.received_at');
  const received = between('older.received_at', 'newer.received_at');
  const said = between('older."timestamp"', 'newer."timestamp"');
  // The difference of the times is no bound of an index: that on the receipts leads to fewer.
  const goesBack = `and ${between('newer."timestamp"', 'event."timestamp"')} > 0
    and event.received_at >= older.received_at and event.received_at <= newer.received_at`;
  const ofLast = (column: string) =>
    `(select "${column}" from "${table}" as found where found.project_id = last.project_id and found.id = last.event_id)`;
  return `last as materialized (select ${of('keys')}, ${idOf('keys', '', NEWEST_FIRST)} as event_id from ${keys} as keys),
    opening as materialized (select ${of('last')}, last.event_id, ${ofLast('received_at')} as received_at, ${ofLast('timestamp')} as "timestamp" from last),
    heard (${columns}, event_id, received_at, "timestamp", number) as (
      select one.*, 1 from opening as one where ${lag} > ${BEHIND_MS}
      union all
      select ${of('heard')}, found.id, found.received_at, found."timestamp", heard.number + 1
      from heard cross join "${table}" as found
      where heard.number < ${RECEIPTS} and found.project_id = heard.project_id and found.id = ${idOf('heard', sooner, NEWEST_FIRST)}
    ),
    slow as materialized (select * from heard as one where ${lag} > ${BEHIND_MS}),
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
