import type { ProjectionPlan } from '../../core/dataset/projection.ts';

/**
 * The statement that makes records of a projection anew from the events that are stored. `keys` is a table expression with the
 * columns project_id, id and key. When all newer events have expired, a late older one changes nothing.
 */
export function projectionSql(plan: ProjectionPlan, keys: string): string {
  const { table, createdAt, updatedAt, recordKey, columns } = plan;
  const names = ['project_id', 'id', recordKey, createdAt, updatedAt, ...columns.map(({ to }) => to)];
  const values = [
    'keys.project_id',
    'keys.id',
    'keys.key',
    pick(plan, 'timestamp', 'asc'),
    pick(plan, 'timestamp', 'desc'),
    ...columns.map(({ from, present }) => pick(plan, from, 'desc', present)),
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

/** The value of a column in the newest or oldest event of a key. */
function pick(
  { source, sourceKey }: ProjectionPlan,
  column: string,
  direction: 'asc' | 'desc',
  present = false,
): string {
  return `(select "${column}" from "${source}" where "project_id" = keys.project_id and "${sourceKey}" = keys.key
      ${present ? `and "${column}" is not null ` : ''}order by "timestamp" ${direction}, "id" ${direction} limit 1)`;
}
