import type { DuckDBConnection } from '@duckdb/node-api';
import { valuesOf } from './held-columns.ts';
import type { CopiedDataset, ExpiredRows } from './row-source.ts';

/** Projects and instants, from two JSON arrays. */
const EXPIRED = `unnest(${valuesOf('VARCHAR', '$1')}) as project_id, unnest(${valuesOf('BIGINT', '$2')}) as before`;

/**
 * Removes expired rows of all projects in one pass over the table, and replaces the former note of
 * what was removed.
 */
export async function removeExpiredRows(
  connection: DuckDBConnection,
  { name, table }: Pick<CopiedDataset, 'name' | 'table'>,
  expired: readonly ExpiredRows[],
): Promise<void> {
  const rows = [
    JSON.stringify(expired.map(({ projectId }) => projectId)),
    JSON.stringify(expired.map(({ before }) => before)),
  ];
  await connection.run(
    `delete from "${table}" as event using (select ${EXPIRED}) as expired
     where event.project_id = expired.project_id
       and event.timestamp < expired.before and event.received_at < expired.before`,
    rows,
  );
  await connection.run('delete from expired where dataset = $1', [name]);
  await connection.run(`insert into expired select $3, ${EXPIRED}`, [...rows, name]);
}

/** The note of what was removed from a dataset. */
export async function readExpiredRows(
  connection: DuckDBConnection,
  dataset: string,
): Promise<readonly ExpiredRows[]> {
  const rows = await connection.runAndReadAll('select project_id, before from expired where dataset = $1', [
    dataset,
  ]);
  return rows.getRows().map(([projectId, before]) => ({
    dataset,
    projectId: String(projectId),
    before: Number(before),
  }));
}
