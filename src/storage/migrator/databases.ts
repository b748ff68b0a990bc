import type { MigrationConnection } from '../migration-connection.ts';
import type { Dialect } from '../store.ts';

/** What the migrator must know about a database. */
interface MigratorDatabase {
  /**
   * Begins the transaction of a migration. On SQLite it takes the write lock at once, so that other
   * instances wait before they read the history.
   */
  readonly begin: string;
  /** Creates the same table as Prisma's own tools, column by column. */
  readonly createHistory: string;
  /**
   * Parameters: id, checksum, finished (epoch milliseconds), name, started (epoch milliseconds).
   */
  readonly insertApplied: string;
  /** An expression that gives a column of the history in epoch milliseconds. */
  millisecondsOf(column: string): string;
  hasTable(connection: Pick<MigrationConnection, 'query'>, table: string): Promise<boolean>;
  /** Runs a task while no other instance and no Prisma tool migrates this database. */
  exclusively<Result>(connection: MigrationConnection, task: () => Promise<Result>): Promise<Result>;
}

/** The advisory lock of Prisma's own migrate command. */
const PRISMA_LOCK = 72_707_369;

const sqlite: MigratorDatabase = {
  begin: 'BEGIN IMMEDIATE',
  createHistory: `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`,
  // Prisma stores epoch milliseconds as integers here; a JavaScript number would be bound as a
  // real.
  insertApplied: `INSERT INTO "_prisma_migrations"
    (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
    VALUES (?, ?, cast(? AS INTEGER), ?, cast(? AS INTEGER), 1)`,
  // An entry that Prisma's tools wrote through a driver adapter holds text instead of an integer.
  millisecondsOf: (column) =>
    `CASE typeof(${column}) WHEN 'text' THEN cast(round(unixepoch(${column}, 'subsec') * 1000) AS INTEGER) ELSE ${column} END`,
  async hasTable(connection, table) {
    const rows = await connection.query(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?`, [
      table,
    ]);
    return rows.length > 0;
  },
  // BEGIN IMMEDIATE is the lock. Each migration checks again, inside its transaction, whether it is
  // still pending.
  exclusively: (_, task) => task(),
};

const postgresql: MigratorDatabase = {
  begin: 'BEGIN',
  createHistory: `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`,
  insertApplied: `INSERT INTO "_prisma_migrations"
    (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
    VALUES ($1, $2, to_timestamp($3::float8 / 1000), $4, to_timestamp($5::float8 / 1000), 1)`,
  millisecondsOf: (column) => `round(extract(epoch FROM ${column}) * 1000)::float8`,
  async hasTable(connection, table) {
    const rows = await connection.query('SELECT 1 WHERE to_regclass(quote_ident($1)) IS NOT NULL', [table]);
    return rows.length > 0;
  },
  async exclusively(connection, task) {
    await connection.query(`SELECT pg_advisory_lock(${PRISMA_LOCK})`);
    try {
      return await task();
    } finally {
      await connection.query(`SELECT pg_advisory_unlock(${PRISMA_LOCK})`);
    }
  },
};

export const databases: Readonly<Record<Dialect, MigratorDatabase>> = { sqlite, postgresql };
