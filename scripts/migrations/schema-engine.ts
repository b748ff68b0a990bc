import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  bindMigrationAwareSqlAdapterFactory,
  type ErrorCapturingSqlMigrationAwareDriverAdapterFactory,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type { MigrationDirectory, MigrationList } from '@prisma/schema-engine-wasm';
import type { Migration } from '../../src/storage/migrator/migration.ts';
import { schemaFor } from '../prepare/generate.mjs';
import { createCatalogAdapter } from './catalog-adapter.ts';
import { createSqliteAdapter } from './sqlite-adapter.ts';

export type Dialect = 'sqlite' | 'postgresql';

/** Prisma's schema engine on one database. */
export interface Schema {
  /**
   * The SQL that brings the database to the models. Empty if they agree.
   */
  differenceToModels(): Promise<string>;
  /**
   * The differences that Prisma finds between the migrations and the database's records of them.
   * Empty if there are none.
   */
  diagnose(migrations: readonly Migration[]): Promise<string[]>;
  close(): Promise<void>;
}

/**
 * The tables of full-text search (see search-sql.ts), including those of SQLite's FTS5 index.
 * Handwritten migrations create them, and no Prisma model has them.
 */
const SEARCH_TABLES: Readonly<Record<Dialect, string>> = {
  sqlite: `SELECT name FROM sqlite_schema WHERE type = 'table'
    AND (name GLOB '*_search' OR name GLOB '*_search_words*')`,
  postgresql: `SELECT current_schema() || '.' || tablename AS name FROM pg_tables
    WHERE schemaname = current_schema() AND tablename LIKE '%\\_search'`,
};

/** Opens the engine on a database. It is WebAssembly and needs no download. */
export async function openSchema(dialect: Dialect, url: string): Promise<Schema> {
  const schema = schemaFor(dialect);
  const models = [{ path: 'schema.prisma', content: schema }];
  const connections: SqlDriverAdapter[] = [];
  const adapter = noteConnections(adapterFor(dialect, url), connections);
  const filters = { externalTables: await searchTables(dialect, url), externalEnums: [] };
  const { SchemaEngine } = await engineModule();
  const engine = await SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => {}, adapter);
  return {
    async differenceToModels() {
      const { exitCode, stdout } = await explained(adapter, () =>
        engine.diff({
          from: { tag: 'schemaDatasource', files: models, configDir: '.' },
          to: { tag: 'schemaDatamodel', files: models },
          script: true,
          exitCode: true,
          filters,
        }),
      );
      // The exit code for a difference; without one, the text is a comment.
      return exitCode === 2 ? (stdout ?? '') : '';
    },
    async diagnose(migrations) {
      const { editedMigrationNames, failedMigrationNames, hasMigrationsTable, history } = await explained(
        adapter,
        () =>
          engine.diagnoseMigrationHistory({
            migrationsList: listOf(dialect, migrations),
            optInToShadowDatabase: false,
            filters,
          }),
      );
      return [
        ...(hasMigrationsTable ? [] : ['no table of migrations']),
        ...editedMigrationNames.map((name) => `edited: ${name}`),
        ...failedMigrationNames.map((name) => `failed: ${name}`),
        ...(history === null ? [] : [JSON.stringify(history)]),
      ];
    },
    async close() {
      engine.free();
      for (const connection of connections) await connection.dispose();
    },
  };
}

function adapterFor(dialect: Dialect, url: string): SqlMigrationAwareDriverAdapterFactory {
  return dialect === 'sqlite' ? createSqliteAdapter(url) : createCatalogAdapter(url);
}

async function searchTables(dialect: Dialect, url: string): Promise<string[]> {
  const connection = await adapterFor(dialect, url).connect();
  try {
    const { rows } = await connection.queryRaw({ sql: SEARCH_TABLES[dialect], args: [], argTypes: [] });
    return rows.map(([name]) => String(name));
  } finally {
    await connection.dispose();
  }
}

/** The engine does not close its connections, so this records them to close them later. */
function noteConnections(
  factory: SqlMigrationAwareDriverAdapterFactory,
  connections: SqlDriverAdapter[],
): ErrorCapturingSqlMigrationAwareDriverAdapterFactory {
  const note = async (connecting: Promise<SqlDriverAdapter>) => {
    const connection = await connecting;
    connections.push(connection);
    return connection;
  };
  return bindMigrationAwareSqlAdapterFactory({
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: () => note(factory.connect()),
    connectToShadowDb: () => note(factory.connectToShadowDb()),
  });
}

type EngineModule = typeof import('@prisma/schema-engine-wasm');
let loading: Promise<EngineModule> | undefined;

/**
 * The package's own loader needs a flag of Node's for WebAssembly modules, so its two halves are
 * put together here. Once per process, because its glue code knows only one instance.
 */
function engineModule(): Promise<EngineModule> {
  loading ??= loadEngine();
  return loading;
}

async function loadEngine(): Promise<EngineModule> {
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
  const module = new WebAssembly.Module(readFileSync(entry.replace(/\.js$/, '_bg.wasm')));
  const { exports } = new WebAssembly.Instance(module, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(exports);
  (exports.__wbindgen_start as () => void)();
  return glue;
}

/**
 * The engine gets only a number for an error of the adapter. This rethrows the error itself.
 */
async function explained<Result>(
  adapter: ErrorCapturingSqlMigrationAwareDriverAdapterFactory,
  task: () => Promise<Result>,
): Promise<Result> {
  try {
    return await task();
  } catch (error) {
    const id = /External error id#(\d+)/.exec(String(error))?.[1];
    throw (id && adapter.errorRegistry.consumeError(Number(id))?.error) || error;
  }
}

function listOf(dialect: Dialect, migrations: readonly Migration[]): MigrationList {
  const migrationDirectories: MigrationDirectory[] = migrations.map(({ name, sql }) => ({
    path: name,
    migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
  }));
  const lockfile = { path: 'migration_lock.toml', content: `provider = "${dialect}"` };
  return { baseDir: '/', lockfile, shadowDbInitScript: '', migrationDirectories };
}
