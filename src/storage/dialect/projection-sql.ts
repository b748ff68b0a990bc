import type { ProjectionPlan } from '../../core/dataset/projection.ts';

/** Gives the earlier of two SQL expressions: databases have other names for it. */
export type Earlier = (one: string, other: string) => string;

/**
 * The statement that makes records of a projection anew from the events that are stored. `keys` is a table expression with the
 * columns project_id, id and key. When all newer events have expired, a late older one changes nothing.
 */
export function projectionSql(plan: ProjectionPlan, keys: string, earlier: Earlier): string {
  const { table, createdAt, updatedAt, recordKey, columns } = plan;
  const known = earlier('"timestamp"', '"received_at"');
  const names = ['project_id', 'id', recordKey, createdAt, updatedAt, ...columns.map(({ to }) => to)];
  const values = [
    'keys.project_id',
    'keys.id',
    'keys.key',
    `(select ${known} from ${events(plan)} order by "timestamp", "id" limit 1)`,
    newest(plan, known, known),
    ...columns.map(({ from, present }) => newest(plan, known, `"${from}"`, present ? from : undefined)),
  ];
  // What an event that has expired once said of a column still holds while no event that is there says otherwise.
  const updates = [
    `"${updatedAt}" = excluded."${updatedAt}"`,
    ...columns.map(({ to, present }) =>
      present ? `"${to}" = coalesce(excluded."${to}", "${table}"."${to}")` : `"${to}" = excluded."${to}"`,
    ),
  ];
  const older = `"${table}"."${createdAt}" <= excluded."${createdAt}"`;
  return `insert into "${table}" (${names.map((name) => `"${name}"`).join(', ')})
    select ${values.join(',\n      ')}
    from ${keys} where true
    on conflict ("project_id", "id") do update set ${updates.join(', ')},
      "${createdAt}" = case when ${older} then "${table}"."${createdAt}" else excluded."${createdAt}" end
    where excluded."${updatedAt}" >= "${table}"."${updatedAt}"`;
}

const events = ({ source, sourceKey }: ProjectionPlan): string =>
  `"${source}" where "project_id" = keys.project_id and "${sourceKey}" = keys.key`;

/**
 * A value of the newest event of a key; of those that have something in the column `present`, where it is given. No event is newer than
 * its receipt: a clock that is ahead hides nothing that comes later. `known` is that time. What is read is found by `timestamp`,
 * which is no earlier: events from the known time of the last one on, more than one only when its clock is ahead.
 */
function newest(plan: ProjectionPlan, known: string, value: string, present?: string): string {
  const found = `${events(plan)}${present === undefined ? '' : ` and "${present}" is not null`}`;
  return `(select ${value} from ${found}
      and "timestamp" >= (select ${known} from ${found} order by "timestamp" desc, "id" desc limit 1)
      order by ${known} desc, "timestamp" desc, "id" desc limit 1)`;
}
