import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMigrationConnection } from '../../src/storage/create-store.ts';
import { migrate } from '../../src/storage/migrator/migrate.ts';
import { openPostgresqlServer } from '../databases/postgresql-server.ts';
import { type Dialect, openSchema } from './schema-engine.ts';

/**
 * The SQL that is missing in the migrations to match the models. Empty if they match. It applies
 * the migrations to an empty database.
 */
export function missingSql(dialect: Dialect): Promise<string> {
  return withEmptyDatabase(dialect, async (url) => {
    const connection = await openMigrationConnection(url);
    try {
      await migrate(connection);
    } finally {
      await connection.close();
    }
    const schema = await openSchema(dialect, url);
    try {
      return await schema.differenceToModels();
    } finally {
      await schema.close();
    }
  });
}

async function withEmptyDatabase<Result>(
  dialect: Dialect,
  task: (url: string) => Promise<Result>,
): Promise<Result> {
  if (dialect === 'sqlite') {
    const folder = await mkdtemp(join(tmpdir(), 'telltale-migrations-'));
    try {
      return await task(`file:${join(folder, 'empty.db')}`);
    } finally {
      await rm(folder, { recursive: true, maxRetries: 3 });
    }
  }
  const server = await openPostgresqlServer();
  try {
    const url = await server.createDatabase();
    try {
      return await task(url);
    } finally {
      await server.dropDatabase(url);
    }
  } finally {
    await server.close();
  }
}
