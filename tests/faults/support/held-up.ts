import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { DAY_MS } from '../../../src/core/time/units.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import { ensureRollups } from '../../../src/rollups/layout.ts';
import { createStore } from '../../../src/storage/create-store.ts';
import { callGroup, callRow } from '../../storage/support/calls.ts';

/** A table that nobody can write until it is released. Writers that wait for it then fail. */
export interface HeldTable extends AsyncDisposable {
  /** The present holders of these leases, sorted by the names of the leases. */
  holders(names: readonly string[]): Promise<readonly { readonly name: string; readonly holder: string }[]>;
  letGo(): Promise<void>;
}

/**
 * Stores an expired call, and prevents its removal, so that retention waits in the middle of its
 * work.
 */
export async function holdUpRetention(url: string): Promise<HeldTable> {
  const store = await createStore({ url, datasets });
  await ensureRollups(store, datasets);
  const timestamp = Date.now() - 200 * DAY_MS;
  await store.append([callGroup(callRow({ timestamp, receivedAt: timestamp }))]);
  await store.close();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('begin; lock table llm_calls in share row exclusive mode');
  // PostgreSQL does not notice that the client of a waiting statement is gone, so it would still
  // remove the call.
  const endWaiting = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  let ended: Promise<void> | null = null;
  const letGo = () => (ended ??= client.query(endWaiting).then(() => client.end()));
  return {
    holders: async (names) =>
      (await client.query('select name, holder from leases where name = any($1) order by name', [names]))
        .rows,
    letGo,
    [Symbol.asyncDispose]: letGo,
  };
}

/** A `pg_dump` that starts, and never ends by itself. */
export interface EndlessDump extends AsyncDisposable {
  readonly environment: Record<string, string>;
  /** How many of them were started. */
  begun(): Promise<number>;
}

/** Creates one for the scheduled backups of a database, one of which is due at once. */
export async function createEndlessDump(folder: string, url: string): Promise<EndlessDump> {
  const [program, pids, backups] = ['pg_dump', 'pids', 'backups'].map((name) => join(folder, name));
  await mkdir(String(backups), { recursive: true });
  const isVersion = `[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 99.0" && exit`;
  for (const name of ['pg_dump', 'pg_restore']) {
    const file = join(folder, name);
    await writeFile(file, `#!/bin/sh\n${isVersion}\necho $$ >> '${pids}'\nexec sleep 600\n`);
    await chmod(file, 0o755);
  }
  await noteOldBackup(String(backups), url);
  const read = async () => (await readFile(String(pids), 'utf8').catch(() => '')).split('\n').filter(Boolean);
  return {
    environment: {
      ...{ PG_DUMP: String(program), BACKUP_DIR: String(backups), BACKUP_SCHEDULE: '0 0 * * *' },
      // The schema has this version, so nothing is migrated.
      MIGRATION_BACKUP: 'off',
    },
    begun: async () => (await read()).length,
    async [Symbol.asyncDispose]() {
      for (const pid of await read()) endIfAlive(Number(pid));
    },
  };
}

/** The last scheduled backup is days old, so the next one is due. */
async function noteOldBackup(folder: string, url: string): Promise<void> {
  const { hostname, port, pathname } = new URL(url);
  const name = pathname.slice(1);
  const backup = join(folder, `${name}.20261101_000000_000.backup`);
  const manifest = {
    ...{ manifest: 1, telltale: '0.1.0', dialect: 'postgresql', reason: 'SCHEDULE', bytes: 0, sha256: '' },
    database: `postgresql://${hostname}:${port || '5432'}/${name}`,
    createdAt: '2026-11-01T00:00:00.000Z',
    ...{ migrations: [], rows: {}, configuration: [] },
  };
  await writeFile(backup, '');
  await writeFile(`${backup}.json`, JSON.stringify(manifest));
}

function endIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended with its server.
  }
}
