import type { ProjectionPlan } from '../../core/dataset/projection.ts';
import { clockBehindSql, type HeardEvents, newestFirst } from './clock-behind.ts';
import type { InstantSql } from './instant-sql.ts';

/**
 * The statement that makes states of a projection anew from the events that are stored. `keys` is a
 * select of the columns project_id, id and key. When all newer events have expired, a late older
 * one changes nothing.
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
  // What an event that has expired once said of a column still holds while no event that is there
  // says otherwise.
  const updates = [
    `"${updatedAt}" = excluded."${updatedAt}"`,
    ...columns.map(({ to, present }) =>
      present ? `"${to}" = coalesce(excluded."${to}", "${table}"."${to}")` : `"${to}" = excluded."${to}"`,
    ),
  ];
  const older = `"${table}"."${createdAt}" <= excluded."${createdAt}"`;
  // A cross join is the one join that SQLite does not turn round: the events are many, the keys
  // few.
  return `insert into "${table}" (${names.map((name) => `"${name}"`).join(', ')})
    with recursive keys (project_id, id, key) as (${keys}),
    ${heardEvents(plan, instants)},
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

function heardEvents(plan: ProjectionPlan, instants: InstantSql): string {
  const heard: HeardEvents = {
    table: plan.source,
    keys: 'keys',
    keyColumns: ['project_id', 'id', 'key'],
    identity: 'id',
    idOf: (keys, rest, order) => `(select event.id from ${events(plan, keys)} ${rest} ${newestFirst(order)})`,
  };
  return clockBehindSql(heard, instants);
}

/**
 * A value of the newest event of a key; of those that have something in the column `present`, where
 * it is given. No event is newer than its receipt: a clock that is ahead hides nothing that comes
 * later. `known` is that time. What is read is found by `timestamp`, which is no earlier: events
 * from the known time of the last one on, more than one only when its clock is ahead. An event by a
 * clock that is behind is as new as its receipt. `at` is that time.
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
