import pg from 'pg';
import {
  openReplicatedPostgresql,
  type ReplicatedPostgresql,
} from '../../../scripts/databases/postgresql-server.ts';
import { openMigrationConnection } from '../../../src/storage/create-store.ts';
import { migrate } from '../../../src/storage/migrator/migrate.ts';

/** A migrated database, and a replica that streams from it. */
export interface Replicated extends ReplicatedPostgresql, AsyncDisposable {
  /** The replica still receives the log, but applies nothing until it resumes. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** The replica takes over: it accepts writes from now on, and no longer follows a primary. */
  promote(): Promise<void>;
  /**
   * How often the replica has read a table. The count appears a second later, at the next
   * statement.
   */
  readsThere(table: string): Promise<number>;
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
      // It stops at the next record, so a write to the primary creates one.
      await onReplica(
        `do $$ begin while pg_get_wal_replay_pause_state() <> 'paused' loop perform pg_sleep(0.01); end loop; end $$`,
      );
    },
    async resume() {
      await onReplica('select pg_wal_replay_resume()');
    },
    async promote() {
      await onReplica('select pg_promote()');
    },
    async readsThere(table) {
      const [row] = await onReplica(
        'select (seq_scan + coalesce(idx_scan, 0))::float8 as reads from pg_stat_user_tables where relname = $1',
        [table],
      );
      return Number(row?.['reads']);
    },
    [Symbol.asyncDispose]: servers.close,
  };
}
