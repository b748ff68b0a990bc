import pg from 'pg';
import {
  openReplicatedPostgresql,
  type ReplicatedPostgresql,
} from '../../../scripts/databases/postgresql-server.ts';
import { openMigrationConnection } from '../../../src/storage/create-store.ts';
import { migrate } from '../../../src/storage/migrator/migrate.ts';

/** A migrated database with a replica that streams from it. */
export interface Replicated extends ReplicatedPostgresql, AsyncDisposable {
  /** The replica receives, and shows nothing of it until it goes on. */
  pause(): Promise<void>;
  goOn(): Promise<void>;
  /** How many statements that contain the text the replica has under way, or had last, by connections of the server. */
  statementsThere(text: string): Promise<number>;
}

export async function openReplicated(): Promise<Replicated> {
  const servers = await openReplicatedPostgresql();
  const connection = await openMigrationConnection(servers.url);
  await migrate(connection);
  await connection.close();
  async function onReplica(statement: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: servers.replicaUrl });
    await client.connect();
    try {
      return (await client.query(statement, values)).rows;
    } finally {
      await client.end();
    }
  }
  return {
    ...servers,
    async pause() {
      await onReplica('select pg_wal_replay_pause()');
      // It stops at the next record: a write to the primary makes one.
      await onReplica(
        `do $$ begin while pg_get_wal_replay_pause_state() <> 'paused' loop perform pg_sleep(0.01); end loop; end $$`,
      );
    },
    async goOn() {
      await onReplica('select pg_wal_replay_resume()');
    },
    async statementsThere(text) {
      const rows = await onReplica(
        `select 1 from pg_stat_activity where application_name = 'telltale replica' and query like $1`,
        [`%${text}%`],
      );
      return rows.length;
    },
    [Symbol.asyncDispose]: servers.close,
  };
}
