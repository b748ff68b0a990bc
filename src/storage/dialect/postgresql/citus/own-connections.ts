import type pg from 'pg';

/**
 * Connections that Citus itself keeps to a database: its daemon's, and those between nodes. They do
 * not mean that anybody uses the database, because servers connect to the coordinator under their
 * own names. A condition on `pg_stat_activity`.
 */
export const IS_OF_CITUS = "application_name ilike 'citus%'";

/** Ends them, so that the database can be renamed or dropped. They come back when it is used. */
export async function endConnectionsOfCitus(client: pg.Client, database: string): Promise<void> {
  await client.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1 and ${IS_OF_CITUS}`,
    [database],
  );
}
