import { type RawBuilder, sql } from 'kysely';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { Store } from '../../storage/store.ts';

/** The newest of which events. */
export interface NewestScope {
  readonly dataset: Dataset;
  readonly projectId: string;
  /** Epoch milliseconds, exclusive. Null: all that are stored. */
  readonly before: number | null;
}

/** The newest event of a service in an environment; null: events that name none. */
export interface NewestEvent {
  readonly id: string;
  readonly service: string | null;
  readonly environment: string | null;
}

/** Names that come from clients may be any number: so many services and environments are looked at, by name. */
export const MAX_SERVICES = 1_000;

/**
 * The newest event of each service and environment, by jumps through the index on (project, service, environment, timestamp):
 * a few seeks for each of them, however many events there are. Where the keys are known, and several events of each are wanted, see
 * `findNewestPerKey`, which has no walk to make.
 */
export async function findNewestPerService(
  store: Pick<Store, 'query' | 'functions'>,
  scope: NewestScope,
): Promise<readonly NewestEvent[]> {
  const { rows } = await newestPerServiceQuery(store, scope).execute(store.query);
  return rows.filter((row): row is NewestEvent => row.id !== null).slice(0, MAX_SERVICES);
}

/**
 * The statement of `findNewestPerService`. `services` goes from each name to the next greater one, `pairs` does the same with the
 * environments of each service. At present no event is newer than its receipt, so that one from a clock that is ahead hides none that
 * comes later: those from the known time of the last one on are compared, more than one only when its clock is ahead. The null with which such a walk ends stands for the events without a name;
 * where there are none of those, the id is null.
 */
export function newestPerServiceQuery(
  { functions }: Pick<Store, 'functions'>,
  { dataset, projectId, before }: NewestScope,
): RawBuilder<Omit<NewestEvent, 'id'> & { readonly id: string | null }> {
  const events = sql`${sql.table(dataset.table)} as event where event.project_id = ${projectId}`;
  const inTime = before === null ? sql`` : sql`and event.timestamp < ${functions.instant(before)}`;
  const known = functions.earlier(sql.ref('event.timestamp'), sql.ref('event.received_at'));
  const service = (follows: RawBuilder<unknown>) =>
    sql`(select event.service from ${events} and event.service ${follows} order by event.service limit 1)`;
  const environment = (table: string, follows: RawBuilder<unknown>) =>
    isOf(`${table}.service`, (ofService) => {
      const found = sql`event.service ${ofService} and event.environment ${follows}`;
      return sql`(select event.environment from ${events} and ${found} order by event.service, event.environment limit 1)`;
    });
  const newest = isOf('pairs.service', (ofService) =>
    isOf('pairs.environment', (ofEnvironment) => {
      const found = sql`event.service ${ofService} and event.environment ${ofEnvironment}`;
      // PostgreSQL reads the index backwards only when all of its columns are named: "is null" makes no column constant for it.
      const last = (value: RawBuilder<unknown>) => sql`(select ${value} from ${events} and ${found} ${inTime}
        order by event.service desc, event.environment desc, event.timestamp desc, event.id desc limit 1)`;
      if (before !== null) return last(sql`event.id`);
      return sql`(select event.id from ${events} and ${found} and event.timestamp >= ${last(known)}
        order by ${known} desc, event.timestamp desc, event.id desc limit 1)`;
    }),
  );
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
    )
    select pairs.service, pairs.environment, ${newest} as id from pairs limit ${sql.lit(2 * MAX_SERVICES)}`;
}

/** All but null. "is not null" would be no bound of an index to SQLite. */
const ANY_NAME = sql`>= ''`;

/** A comparison with a value that may be null, in the two forms that an index serves; no database has one form for both. */
function isOf(
  reference: string,
  select: (comparison: RawBuilder<unknown>) => RawBuilder<unknown>,
): RawBuilder<unknown> {
  const value = sql.ref(reference);
  return sql`case when ${value} is null then ${select(sql`is null`)} else ${select(sql`= ${value}`)} end`;
}
