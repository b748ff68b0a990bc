import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestProject } from 'vitest/node';
import { openCitusCluster } from '../../scripts/databases/citus-cluster.ts';
import { openPostgresqlServer } from '../../scripts/databases/postgresql-server.ts';
import { scratchFolder } from '../../scripts/databases/scratch-folder.mjs';
import { build } from '../../scripts/prepare/build.mjs';
import { codegen } from '../../scripts/prepare/codegen.mjs';
import { generate } from '../../scripts/prepare/generate.mjs';
import { datasets, states } from '../../src/declarations/registry.ts';
import { openMigrationConnection } from '../../src/storage/create-store.ts';
import { distributeTables } from '../../src/storage/dialect/postgresql/citus/distribute.ts';
import { migrate } from '../../src/storage/migrator/migrate.ts';
import { isCitus } from './citus.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * Where test processes request databases. PostgreSQL: POST creates one, with the schema of this
     * version if the body is `migrated`, or as a copy of the one whose URL is the body; DELETE with
     * its URL as the body removes it. SQLite: GET returns the path of one with that schema, to be
     * copied.
     */
    databaseBroker: string;
    /** The folder for new SQLite databases. It is removed when the run ends, in whatever way. */
    databaseFolder: string;
  }
}

/**
 * Before any test: the generated code and dist are fresh (worker threads run the plain JavaScript
 * of dist), and databases are available. What they need is created when the first test asks, so a
 * run without databases loads no native module.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await generate();
  await build();
  await codegen();
  const folder = await mkdtemp(join(scratchFolder(), 'telltale-test-'));
  // Also after Ctrl-C: files left in memory would occupy it until the machine restarts.
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const broker = await startBroker(join(folder, 'migrated.db'));
  project.provide('databaseBroker', broker.url);
  project.provide('databaseFolder', folder);
  return broker.close;
}

async function migrateTo(url: string): Promise<void> {
  const connection = await openMigrationConnection(url);
  try {
    await migrate(connection);
    await distributeTables(connection, [...datasets, ...states], () => {});
  } finally {
    await connection.close();
  }
}

async function startBroker(sqliteFile: string): Promise<{ url: string; close: () => Promise<void> }> {
  let migrated: Promise<void> | undefined;
  let source: Promise<DatabaseSource> | undefined;
  const broker = createServer(async (request, response) => {
    try {
      if (request.method === 'GET') {
        migrated ??= migrateTo(`file:${sqliteFile}`);
        await migrated;
        response.end(sqliteFile);
        return;
      }
      source ??= openDatabaseSource();
      const { create, createMigrated, drop } = await source;
      const body = await text(request);
      if (request.method === 'DELETE') await drop(body);
      response.end(
        request.method === 'POST'
          ? await (body === 'migrated' ? createMigrated() : create(body || undefined))
          : '',
      );
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error));
    }
  });
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
  const { port } = broker.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      broker.closeAllConnections();
      broker.close();
      await (await source)?.close();
    },
  };
}

interface DatabaseSource {
  /** @param source the URL of a database without connections, to be copied */
  create(source?: string): Promise<string>;
  /**
   * A copy of one that was migrated at the start: migrating each again took a good part of the
   * tests' time.
   */
  createMigrated(): Promise<string>;
  drop(url: string): Promise<void>;
  close(): Promise<void>;
}

async function openDatabaseSource(): Promise<DatabaseSource> {
  const server = isCitus ? await openCitusCluster({ workers: 2, shards: 4 }) : await openPostgresqlServer();
  const template = await server.createDatabase();
  await migrateTo(template);
  return {
    create: server.createDatabase,
    createMigrated: () => server.createDatabase(template),
    drop: server.dropDatabase,
    async close() {
      await server.dropDatabase(template);
      await server.close();
    },
  };
}
