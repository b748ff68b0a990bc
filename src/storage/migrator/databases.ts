import { codeOf } from '../../core/thrown.ts';
import type { MigrationConnection } from '../migration-connection.ts';
import type { Dialect } from '../store.ts';
import { MigrationError } from './migration.ts';

/** What the migrator must know about a database. */
interface MigratorDatabase {
  /**
   * Begins the transaction of the migrations, once no other instance and no Prisma tool is
   * migrating this database.
   *
   * @param onWaiting called if another instance has to end first
   */
  begin(connection: MigrationConnection, onWaiting: (text: string) => void): Promise<void>;
  /** Creates the same table as Prisma's own tools, column by column. */
  readonly createHistory: string;
  /**
   * Parameters: id, checksum, finished (epoch milliseconds), name, started (epoch milliseconds).
   */
  readonly insertApplied: string;
  /** An expression for a column of the history in epoch milliseconds. */
  millisecondsOf(column: string): string;
  hasTable(connection: Pick<MigrationConnection, 'query'>, table: string): Promise<boolean>;
  /** The names of all tables except the history. */
  tables(connection: Pick<MigrationConnection, 'query'>): Promise<string[]>;
  /** What is wrong with the pages of the database and its foreign keys, in sentences. */
  findDamage(connection: Pick<MigrationConnection, 'query'>): Promise<string[]>;
}

/** The advisory lock of Prisma's own migrate command. */
const PRISMA_LOCK = 72_707_369;
const WAITING = 'waiting for another process, which migrates this database or writes to it';
/** How long an instance waits for another one that migrates. */
const PATIENCE_MS = 15 * 60_000;
/** The maximum number of damaged locations and violated keys that an error names. */
const MAX_PROBLEMS = 5;

const sqlite: MigratorDatabase = {
  async begin(connection, onWaiting) {
    const end = performance.now() + PATIENCE_MS;
    for (let attempt = 1; ; attempt++) {
      try {
        // Takes the write lock at once. Each attempt waits for the lock by itself.
        await connection.script('BEGIN IMMEDIATE');
        return;
      } catch (error) {
        if (!codeOf(error)?.startsWith('SQLITE_BUSY')) throw error;
        if (performance.now() > end)
          throw new MigrationError('Another process has held the database for 15 minutes: end it.');
        if (attempt === 1) onWaiting(WAITING);
      }
    }
  },
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
  // Prisma stores epoch milliseconds as integers here. A JavaScript number would be bound as a
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
  async tables(connection) {
    const rows = await connection.query(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '_prisma_migrations'`,
    );
    return rows.map(({ name }) => String(name));
  },
  async findDamage(connection) {
    const pages = await connection.query(`PRAGMA quick_check(${MAX_PROBLEMS})`);
    const damage = pages.map((row) => String(row['quick_check'])).filter((text) => text !== 'ok');
    const keys = await connection.query('PRAGMA foreign_key_check');
    const violated = keys
      .slice(0, MAX_PROBLEMS)
      .map(
        ({ table, rowid, parent }) =>
          `Row ${rowid} of ${table} names a row of ${parent} that does not exist.`,
      );
    return [...damage, ...violated];
  },
};

const postgresql: MigratorDatabase = {
  async begin(connection, onWaiting) {
    const [lock] = await connection.query(`SELECT pg_try_advisory_lock(${PRISMA_LOCK}) AS taken`);
    if (lock?.['taken'] !== true) {
      onWaiting(WAITING);
      await connection.query(`SELECT pg_advisory_lock(${PRISMA_LOCK})`);
    }
    // Begins with the lock already held; otherwise it would not see the tables that another
    // instance has made. The lock then passes to the transaction, so that it ends with it.
    await connection.script('BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0');
    await connection.query(
      `SELECT pg_advisory_xact_lock(${PRISMA_LOCK}), pg_advisory_unlock(${PRISMA_LOCK})`,
    );
  },
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
  async tables(connection) {
    const rows = await connection.query(
      `SELECT table_name AS name FROM information_schema.tables
        WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> '_prisma_migrations'`,
    );
    return rows.map(({ name }) => String(name));
  },
  // PostgreSQL checks foreign keys itself when they are written, and its pages when they are read.
  findDamage: async () => [],
};

export const databases: Readonly<Record<Dialect, MigratorDatabase>> = { sqlite, postgresql };
