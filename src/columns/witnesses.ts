import type { DuckDBConnection } from '@duckdb/node-api';
import type { Witness } from './row-source.ts';

/** How many rows of each writer are remembered, per dataset. */
const MAX_PER_WRITER = 16;

const NAMES = 'writer, arrival, project_id, id, timestamp, received_at';

/** Remembers rows in place of older ones of the same writers, in the transaction of their page. */
export async function addWitnesses(
  connection: DuckDBConnection,
  dataset: string,
  witnesses: readonly Witness[],
): Promise<void> {
  for (const { writer, arrival, projectId, id, timestamp, receivedAt } of witnesses) {
    await connection.run(
      `insert into witnesses (dataset, ${NAMES})
       values ($1, cast($2 as bigint), cast($3 as bigint), $4, $5, cast($6 as bigint), cast($7 as bigint))`,
      [dataset, writer, arrival, projectId, id, timestamp, receivedAt],
    );
  }
  await connection.run(
    `delete from witnesses where rowid in (
       select rowid from witnesses where dataset = $1
       qualify row_number() over (partition by writer order by arrival desc, received_at desc) > ${MAX_PER_WRITER})`,
    [dataset],
  );
}

export async function readWitnesses(
  connection: DuckDBConnection,
  dataset: string,
): Promise<readonly Witness[]> {
  const result = await connection.runAndReadAll(`select ${NAMES} from witnesses where dataset = $1`, [
    dataset,
  ]);
  return result.getRows().map(([writer, arrival, projectId, id, timestamp, receivedAt]) => ({
    ...{ writer: Number(writer), arrival: Number(arrival) },
    ...{ projectId: String(projectId), id: String(id) },
    ...{ timestamp: Number(timestamp), receivedAt: Number(receivedAt) },
  }));
}
