import type pg from 'pg';
import { LOCK_OUT_APPENDS } from '../append-lock.ts';
import { areCellsSpread } from './layout.ts';

/**
 * Does work that reads all tables, while appends wait. Through the coordinator, pg_dump reads the
 * rows of all nodes, but each node takes its snapshot when it is first asked.
 */
export async function duringOneMoment(client: pg.Client, work: () => Promise<unknown>): Promise<void> {
  if (!(await areCellsSpread(client))) {
    await work();
    return;
  }
  await client.query('begin; set local idle_in_transaction_session_timeout = 0');
  await client.query(LOCK_OUT_APPENDS);
  try {
    await work();
  } finally {
    await client.query('rollback');
  }
}

/** The bytes of the database, on all nodes. */
export async function databaseBytes(client: pg.Client): Promise<number> {
  const isSpread = await areCellsSpread(client);
  const { rows } = await client.query<{ bytes: number }>(
    isSpread
      ? `select sum(cast(result as float8)) as bytes
          from run_command_on_all_nodes('select pg_database_size(current_database())') where success`
      : 'select cast(pg_database_size(current_database()) as float8) as bytes',
  );
  return Number(rows[0]?.bytes);
}
