import { type RawBuilder, sql } from 'kysely';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { Interval } from '../core/time/range.ts';
import { clockBehindSql, type KeyedEvents, newestFirst } from '../storage/dialect/clock-behind.ts';
import type { Store } from '../storage/store.ts';

/** The events among which the newest are found. */
export interface NewestScope {
  readonly dataset: Dataset;
  readonly projectId: string;
  /** Only events whose `timestamp` lies in it; null if all stored events count. */
  readonly range: Interval | null;
}

/**
 * The newest event of a service in an environment. Service and environment are null for events that
 * name none.
 */
export interface NewestEvent {
  readonly id: string;
  readonly service: string | null;
  readonly environment: string | null;
  /**
   * When it happened, as far as the server can tell (epoch milliseconds): see
   * `newestPerServiceQuery`.
   */
  readonly lastSeenAt: number;
}

/** An event that may be the newest of its service. */
interface Candidate extends Omit<NewestEvent, 'lastSeenAt'> {
  readonly lastSeenAt: Date | number;
  readonly timestamp: Date | number;
}

/**
 * The most services and environments to find, in the order of their names. Clients may send any
 * number of names.
 */
export const MAX_SERVICES = 1_000;

/**
 * Finds the newest event of each service and environment. It jumps through the index on (project,
 * service, environment, timestamp): a few seeks for each pair, however many events there are. If
 * the keys are known and several events of each are wanted, use `findNewestPerKey`, which need not
 * find the keys.
 */
export async function findNewestPerService(
  store: Pick<Store, 'query' | 'functions'>,
  scope: NewestScope,
): Promise<readonly NewestEvent[]> {
  const { rows } = await newestPerServiceQuery(store, scope).execute(store.query);
  const newest = new Map<string, Candidate>();
  for (const row of rows) {
    const key = JSON.stringify([row.service, row.environment]);
    const other = newest.get(key);
    if (other === undefined || isNewer(row, other)) newest.set(key, row);
  }
  return [...newest.values()].slice(0, MAX_SERVICES).map(({ timestamp, lastSeenAt, ...event }) => ({
    ...event,
    lastSeenAt: Number(lastSeenAt),
  }));
}

function isNewer(one: Candidate, other: Candidate): boolean {
  const difference =
    Number(one.lastSeenAt) - Number(other.lastSeenAt) || Number(one.timestamp) - Number(other.timestamp);
  return difference > 0 || (difference === 0 && one.id > other.id);
}

/**
 * The statement of `findNewestPerService`. For each service and environment it selects a few
 * events, one of which is the newest. `services` goes from each name to the next greater one;
 * `pairs` does the same with the environments of each service. The null at the end of such a walk
 * stands for the events without a name.
 *
 * No event counts as newer than its receipt, so that an event from a clock that is ahead does not
 * hide later ones. If the clock of the last event is ahead, the events from its receipt on are
 * compared. An event from a clock that is behind is as new as its receipt (`clockBehindSql`).
 */
export function newestPerServiceQuery(
  { functions }: Pick<Store, 'functions'>,
  { dataset, projectId, range }: NewestScope,
): RawBuilder<Candidate> {
  const table = sql.table(dataset.table);
  const events = sql`${table} as event where event.project_id = ${projectId}`;
  const { from, to } = range ?? { from: null, to: null };
  const since = from === null ? sql`` : sql`and timestamp >= ${functions.instant(from)}`;
  const until = to === null ? sql`` : sql`and timestamp < ${functions.instant(to)}`;
  const inRange = sql`${since} ${until}`;
  const known = functions.earlier(sql.ref('event.timestamp'), sql.ref('event.received_at'));
  const service = (follows: RawBuilder<unknown>) =>
    sql`(select event.service from ${events} and event.service ${follows} order by event.service limit 1)`;
  const environment = (from: string, follows: RawBuilder<unknown>) =>
    isOf(`${from}.service`, (ofService) => {
      const found = sql`event.service ${ofService} and event.environment ${follows}`;
      return sql`(select event.environment from ${events} and ${found} order by event.service, event.environment limit 1)`;
    });
  const newest = isOf('keys.service', (ofService) =>
    isOf('keys.environment', (ofEnvironment) => {
      const found = sql`event.service ${ofService} and event.environment ${ofEnvironment} ${inRange}`;
      // Only an event from a clock that is ahead can hide others, and it hides few.
      const hidden = sql`(select event.id from ${events} and ${found} and event.timestamp >= last.received_at
        order by ${known} desc, event.timestamp desc, event.id desc limit 1)`;
      return sql`(select case when last.timestamp <= last.received_at then last.id else ${hidden} end from (
        select event.id, event.timestamp, event.received_at from ${events} and ${found}
        order by ${sql.raw(BY_SERVICE)} event.timestamp desc, event.id desc limit 1) as last)`;
    }),
  );
  const ofFound = (value: RawBuilder<unknown>) =>
    sql`(select ${value} from ${events} and event.id = found.id)`;
  return sql`with recursive
    services (service, number) as (
      select ${service(ANY_NAME)}, 1
      union all
      select ${service(sql`> services.service`)}, number + 1
      from services where services.service is not null and number < ${sql.lit(MAX_SERVICES)}
    ),
    pairs (service, environment, number) as (
      select services.service, ${environment('services', ANY_NAME)}, 1 from services
      union all
      select pairs.service, ${environment('pairs', sql`> pairs.environment`)}, number + 1
      from pairs where pairs.environment is not null and number < ${sql.lit(MAX_SERVICES)}
    ),
    keys (project_id, service, environment, pair) as materialized (
      select cast(${projectId} as text), service, environment, row_number() over () from pairs limit ${sql.lit(2 * MAX_SERVICES)}
    ),
    ${sql.raw(clockBehindSql(keyedEvents(dataset), functions.instants))},
    found as materialized (select keys.service, keys.environment, ${newest} as id from keys),
    candidates as materialized (
      select service, environment, id, ${ofFound(sql.ref('event.timestamp'))} as timestamp, ${ofFound(known)} as "lastSeenAt" from found
      union all
      select service, environment, event_id, timestamp, received_at from behind where true ${inRange}
    )
    select * from candidates where id is not null`;
}

/**
 * PostgreSQL reads an index backwards only if the order names all of its columns, because "is null"
 * does not make a column constant for it.
 */
const BY_SERVICE = 'event.service desc, event.environment desc, ';

function keyedEvents({ table }: Dataset): KeyedEvents {
  return {
    table,
    keys: 'keys',
    keyColumns: ['project_id', 'service', 'environment', 'pair'],
    identity: 'pair',
    idOf: (keys, rest, order) => {
      const ofPair = (service: string, environment: string) =>
        `(select event.id from "${table}" as event where event.project_id = ${keys}.project_id
          and event.service ${service} and event.environment ${environment} ${rest} ${newestFirst(order.length === 0 ? [] : ['service', 'environment', ...order])})`;
      const ofService = (service: string) =>
        eitherOf(`${keys}.environment`, (environment) => ofPair(service, environment));
      return eitherOf(`${keys}.service`, ofService);
    },
  };
}

/** The same as `isOf`, on SQL text. */
function eitherOf(value: string, select: (comparison: string) => string): string {
  return `case when ${value} is null then ${select('is null')} else ${select(`= ${value}`)} end`;
}

/** Matches all names, but not null. SQLite does not use "is not null" as a bound of an index. */
const ANY_NAME = sql`>= ''`;

/**
 * Compares with a value that may be null, in two forms that can both use an index. Neither database
 * has one form for both cases.
 */
function isOf(
  reference: string,
  select: (comparison: RawBuilder<unknown>) => RawBuilder<unknown>,
): RawBuilder<unknown> {
  const value = sql.ref(reference);
  return sql`case when ${value} is null then ${select(sql`is null`)} else ${select(sql`= ${value}`)} end`;
}
