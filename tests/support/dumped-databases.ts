import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { openPostgresqlServer, type PostgresqlServer } from '../../scripts/databases/postgresql-server.ts';
import { defined } from '../../src/core/defined.ts';
import { openMigrationConnection } from '../../src/storage/create-store.ts';
import { migrate } from '../../src/storage/migrator/migrate.ts';
import { describeOnlyOn, type TestDatabase, testedDialects } from './databases.ts';

/**
 * Declares the same tests for SQLite, and for a PostgreSQL that `pg_dump` can read. The server from
 * npm lacks that program, and may be newer than the one on this machine. So these tests start a
 * server whose programs are beside `pg_dump`.
 */
export function describeEachDumped(name: string, body: (database: TestDatabase) => void): void {
  describeOnlyOn('sqlite', name, body);
  if (!testedDialects().includes('postgresql')) return;
  const binaries = findBinaries();
  if (binaries === null) {
    describe.skip(`${name} (postgresql: this machine has no pg_dump with a server beside it)`, () => {});
    return;
  }
  describe(`${name} (postgresql)`, () => {
    let server: PostgresqlServer | undefined;
    async function createUrl(): Promise<string> {
      return defined(server).createDatabase();
    }
    beforeAll(async () => {
      // A separate server, even if another one is named for the other tests.
      server = await openPostgresqlServer('', binaries);
    });
    afterAll(() => server?.close());
    body({
      dialect: 'postgresql',
      createUrl,
      async createMigratedUrl() {
        const url = await createUrl();
        const connection = await openMigrationConnection(url);
        await migrate(connection);
        await connection.close();
        return url;
      },
      createCopyUrl: () => Promise.reject(new Error('Nobody needs it here.')),
    });
  });
}

/** The folder in which pg_dump is beside the programs of a server. */
function findBinaries(): string | null {
  const { stdout } = spawnSync('pg_dump', ['--version'], { encoding: 'utf8' });
  const major = /(\d+)\./.exec(stdout ?? '')?.[1];
  if (major === undefined) return null;
  // On Debian, the program in PATH is a script that finds the others there.
  const folders = [`/usr/lib/postgresql/${major}/bin`, ...(process.env.PATH ?? '').split(':')];
  return (
    folders.find((folder) =>
      ['pg_dump', 'postgres', 'initdb'].every((tool) => existsSync(join(folder, tool))),
    ) ?? null
  );
}
