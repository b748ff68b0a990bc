import { randomUUID } from 'node:crypto';
import type { MigrationConnection } from '../migration-connection.ts';
import { checksumOf } from './checksum.ts';
import { databases } from './databases.ts';
import type { AppliedMigration, Migration } from './migration.ts';

/** What was applied to the database, oldest first; empty if no migration ever ran. */
export async function readHistory(
  connection: Pick<MigrationConnection, 'dialect' | 'query'>,
): Promise<AppliedMigration[]> {
  const database = databases[connection.dialect];
  if (!(await database.hasTable(connection, '_prisma_migrations'))) return [];
  const milliseconds = database.millisecondsOf;
  const rows = await connection.query(
    `SELECT migration_name AS name, checksum, ${milliseconds('started_at')} AS started,
            ${milliseconds('finished_at')} AS finished, ${milliseconds('rolled_back_at')} AS rolled_back
       FROM _prisma_migrations ORDER BY started_at, migration_name`,
  );
  return rows.map((row) => ({
    name: String(row.name),
    checksum: String(row.checksum),
    startedAt: Number(row.started),
    finishedAt: instantOf(row.finished),
    rolledBackAt: instantOf(row.rolled_back),
  }));
}

const instantOf = (value: unknown): number | null => (value === null ? null : Number(value));

/** Creates the table of applied migrations as Prisma's own tools do, unless it exists. */
export async function createHistory(connection: MigrationConnection): Promise<void> {
  await connection.script(databases[connection.dialect].createHistory);
}

/** Records a migration as applied. Times are epoch milliseconds. */
export async function recordApplied(
  connection: MigrationConnection,
  migration: Migration,
  times: { readonly startedAt: number; readonly finishedAt: number },
): Promise<void> {
  const { insertApplied } = databases[connection.dialect];
  const { startedAt, finishedAt } = times;
  await connection.query(insertApplied, [
    randomUUID(),
    checksumOf(migration.sql),
    finishedAt,
    migration.name,
    startedAt,
  ]);
}
