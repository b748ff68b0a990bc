import { messageOf } from '../../core/thrown.ts';

/** A migration in `prisma/migrations/<dialect>/<name>/migration.sql`. */
export interface Migration {
  /**
   * Name of its folder, `NNNN_what_it_does`. Migrations are applied in the order of their names.
   */
  readonly name: string;
  readonly sql: string;
}

/** A row of `_prisma_migrations`: one attempt to apply a migration. */
export interface AppliedMigration {
  readonly name: string;
  /** SHA-256 of the script, in hexadecimal. */
  readonly checksum: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Epoch milliseconds; null while it runs, and if it failed. */
  readonly finishedAt: number | null;
  /**
   * Epoch milliseconds; null if it was not rolled back. An entry that was rolled back no longer
   * counts.
   */
  readonly rolledBackAt: number | null;
}

/** Whether an entry of the history counts: it was finished and not rolled back. */
export const isApplied = ({ finishedAt, rolledBackAt }: AppliedMigration): boolean =>
  finishedAt !== null && rolledBackAt === null;

/**
 * Migrations cannot be applied. The message says what is wrong and what to do; nothing was changed.
 */
export class MigrationError extends Error {
  override readonly name: string = 'MigrationError';
}

/**
 * The database is newer than this version or half migrated by another tool. A backup may help.
 */
export class DatabaseRefused extends MigrationError {
  override readonly name = 'DatabaseRefused';
}

/** A statement of a migration failed; the whole migration was rolled back. */
export class MigrationFailed extends MigrationError {
  override readonly name = 'MigrationFailed';
  readonly migration: string;
  readonly statement: string;

  constructor(migration: string, statement: string, cause: unknown) {
    const reason = messageOf(cause);
    super(
      `Migration ${migration} failed and was rolled back, with those before it: ${reason}\nThe statement was:\n${statement.trim()}`,
      { cause },
    );
    this.migration = migration;
    this.statement = statement;
  }
}
