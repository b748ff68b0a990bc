import type pg from 'pg';

/**
 * Connections that Citus itself keeps to a database: its daemon's, and those from node to node. They are no
 * sign of anybody who uses the database, because servers connect to the coordinator by their own names. A
 * condition on `pg_stat_activity`.
 */
export const IS_OF_CITUS = "application_name ilike 'citus%'";

/** Ends them, so that the database can get another name or be dropped. They come back when it is used. */
export async function endConnectionsOfCitus(client: pg.Client, database: string): Promise<void> {
  await client.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1 and ${IS_OF_CITUS}`,
    [database],
  );
}
