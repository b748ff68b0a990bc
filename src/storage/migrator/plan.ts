import { matchesChecksum } from './checksum.ts';
import { type Migration, MigrationError, type MigrationRecord } from './migration.ts';

/**
 * Which migrations are still to be applied, in order. Pure.
 *
 * @param available the migrations of this version, in order
 * @param records what the database says was applied or attempted
 * @throws MigrationError when the database is not a past state of this version: it is newer, an applied migration was
 *   edited, or another tool left one half done.
 */
export function planMigrations(
  available: readonly Migration[],
  records: readonly MigrationRecord[],
): readonly Migration[] {
  const valid = records.filter((record) => record.rolledBackAt === null);
  const byName = new Map(available.map((migration) => [migration.name, migration]));
  const last = available.at(-1)?.name ?? '';
  for (const record of valid) checkRecord(record, byName.get(record.name), last);
  const applied = new Set(valid.map((record) => record.name));
  return available.filter((migration) => !applied.has(migration.name));
}

function checkRecord(record: MigrationRecord, migration: Migration | undefined, last: string): void {
  if (record.finishedAt === null) {
    throw new MigrationError(
      `Migration ${record.name} was started but never finished, by another tool. Repair the database, then mark the record in _prisma_migrations as rolled back.`,
    );
  }
  if (migration === undefined) throw new MigrationError(unknownMigration(record.name, last));
  if (!matchesChecksum(migration.sql, record.checksum)) {
    throw new MigrationError(
      `Migration ${record.name} was changed after it had been applied to this database. Undo the change and put it into a new migration.`,
    );
  }
}

function unknownMigration(name: string, last: string): string {
  return name > last
    ? `The database is newer than this version: it has migration ${name}, this version ends with ${last || 'none'}. Start a version that has it, or restore a backup.`
    : `The database has migration ${name}, which this version does not have: it belongs to another line of development.`;
}
