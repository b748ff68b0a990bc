import { matchesChecksum } from './checksum.ts';
import { type AppliedMigration, DatabaseRefused, type Migration, MigrationError } from './migration.ts';

/**
 * The migrations yet to be applied, in order. Pure.
 *
 * @param available the migrations of this version, in order
 * @param history what the database says was applied or attempted
 * @throws MigrationError if the database is not at an earlier state of this version: it is newer,
 *   an applied migration was edited, or another tool left one unfinished.
 */
export function planMigrations(
  available: readonly Migration[],
  history: readonly AppliedMigration[],
): readonly Migration[] {
  const valid = history.filter((entry) => entry.rolledBackAt === null);
  const byName = new Map(available.map((migration) => [migration.name, migration]));
  const last = available.at(-1)?.name ?? '';
  for (const entry of valid) checkApplied(entry, byName.get(entry.name), last);
  const applied = new Set(valid.map((entry) => entry.name));
  return available.filter((migration) => !applied.has(migration.name));
}

function checkApplied(entry: AppliedMigration, migration: Migration | undefined, last: string): void {
  if (entry.finishedAt === null) {
    throw new DatabaseRefused(
      `Migration ${entry.name} was started but never finished, by another tool. Repair the database, then mark the record in _prisma_migrations as rolled back, or restore a backup.`,
    );
  }
  if (migration === undefined) throw new DatabaseRefused(unknownMigration(entry.name, last));
  if (!matchesChecksum(migration.sql, entry.checksum)) {
    throw new MigrationError(
      `Migration ${entry.name} was changed after it had been applied to this database. Undo the change and put it into a new migration.`,
    );
  }
}

function unknownMigration(name: string, last: string): string {
  return name > last
    ? `The database is newer than this version: it has migration ${name}, this version ends with ${last || 'none'}. Start a version that has it, or restore a backup.`
    : `The database has migration ${name}, which this version does not have: it belongs to another line of development.`;
}
