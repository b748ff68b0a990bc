import type { ProjectionPlan } from '../../core/dataset/projection.ts';
import { clockBehindSql, type KeyedEvents, newestFirst } from './clock-behind.ts';
import type { InstantSql } from './instant-sql.ts';

/**
 * The statement that recomputes states of a projection from the stored events. `keys` is a select
 * of the columns project_id, id and key. If all newer events have expired, a late older event
 * changes nothing.
 */
export function projectionSql(plan: ProjectionPlan, keys: string, instants: InstantSql): string {
  const { table, source, createdAt, updatedAt, stateKey, columns } = plan;
  const known = instants.earlier('event."timestamp"', 'event.received_at');
  const names = ['project_id', 'id', stateKey, createdAt, updatedAt, ...columns.map(({ to }) => to)];
  const values = [
    'keys.project_id',
    'keys.id',
    'keys.key',
    `(select ${known} from ${events(plan)} order by event."timestamp", event.id limit 1)`,
    'newest.known',
    ...columns.map(({ from, present }) => (present ? newest(plan, known, 'value', from) : `shown."${from}"`)),
  ];
  // A value from an expired event stays until a stored event has another value.
  const updates = [
    `"${updatedAt}" = excluded."${updatedAt}"`,
    ...columns.map(({ to, present }) =>
      present ? `"${to}" = coalesce(excluded."${to}", "${table}"."${to}")` : `"${to}" = excluded."${to}"`,
    ),
  ];
  const older = `"${table}"."${createdAt}" <= excluded."${createdAt}"`;
  // SQLite does not reorder a cross join. The keys must come first, because they are few and the
  // events many.
  return `insert into "${table}" (${names.map((name) => `"${name}"`).join(', ')})
    with recursive keys (project_id, id, key) as (${keys}),
    ${keyedEvents(plan, instants)},
    newest (id, event_id, known) as materialized (
      select keys.id, ${newest(plan, known, 'id')}, ${newest(plan, known, 'at')} from keys
    )
    select ${values.join(',\n      ')}
    from keys cross join newest cross join "${source}" as shown
    where newest.id = keys.id and shown.project_id = keys.project_id and shown.id = newest.event_id
    on conflict ("project_id", "id") do update set ${updates.join(', ')},
      "${createdAt}" = case when ${older} then "${table}"."${createdAt}" else excluded."${createdAt}" end
    where excluded."${updatedAt}" >= "${table}"."${updatedAt}"`;
}

const events = ({ source, sourceKey }: ProjectionPlan, keys = 'keys'): string =>
  `"${source}" as event where event.project_id = ${keys}.project_id and event."${sourceKey}" = ${keys}.key`;

function keyedEvents(plan: ProjectionPlan, instants: InstantSql): string {
  const keyed: KeyedEvents = {
    table: plan.source,
    keys: 'keys',
    keyColumns: ['project_id', 'id', 'key'],
    identity: 'id',
    idOf: (keys, rest, order) => `(select event.id from ${events(plan, keys)} ${rest} ${newestFirst(order)})`,
  };
  return clockBehindSql(keyed, instants);
}

/**
 * SQL for a value of the newest event of a key. If `present` is given, only events with a value in
 * that column count.
 *
 * No event counts as newer than its receipt, so that an event from a clock that is ahead does not
 * hide later ones: `known` is the SQL of that time. The statement finds events by `timestamp`,
 * which is never earlier than that time. It reads the events from the known time of the last one
 * on. There are several only if a clock is ahead. An event from a clock that is behind is as new as
 * its receipt. `at` is the resulting time.
 */
function newest(plan: ProjectionPlan, known: string, value: 'id' | 'at' | 'value', present?: string): string {
  const given = present === undefined ? '' : ` and event."${present}" is not null`;
  const found = `${events(plan)}${given}`;
  const candidate = (at: string) =>
    `select ${at} as at, event."timestamp" as said, event.id as id, ${present === undefined ? 'null' : `event."${present}"`} as value`;
  return `(select ${value} from (
      ${candidate('behind.received_at')} from behind join "${plan.source}" as event
        on event.project_id = behind.project_id and event.id = behind.event_id where behind.id = keys.id${given}
      union all
      select * from (${candidate(known)} from ${found}
        and event."timestamp" >= (select ${known} from ${found} order by event."timestamp" desc, event.id desc limit 1)
        order by ${known} desc, event."timestamp" desc, event.id desc limit 1) as last
    ) as candidate order by at desc, said desc, id desc limit 1)`;
}
