import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { InvalidArgument } from '../../../core/errors.ts';

export type Connection = Database.Database;

/** How long a connection waits for a lock that another process holds, in milliseconds. */
const BUSY_TIMEOUT_MS = 15_000;
/**
 * Bytes in a page of a new file: rows of some 400 bytes and cells of a kilobyte fit several to a
 * page.
 */
const PAGE_SIZE = 8192;
/**
 * Page cache of a connection in KiB, and how much of the file is read through the address space
 * instead, in bytes. Each connection counts what it has mapped as its own: these bound what the
 * process takes. More of either made no question faster.
 */
const WRITER_CACHE_KIB = 128 * 1024;
const READER_CACHE_KIB = 64 * 1024;
const MMAP_BYTES = 128 * 1024 ** 2;
/**
 * Pages in the write-ahead log from which a commit copies them back. Ids that clients send are
 * random, so the same index pages change over and over: the rarer the copying, the fewer times each
 * is written.
 */
export const CHECKPOINT_PAGES = 16_000;

/** Opens the file for the one thread that writes. It must exist. */
export function openForWriting(file: string): Connection {
  const connection = new Database(file, { timeout: BUSY_TIMEOUT_MS, fileMustExist: true });
  configure(connection, WRITER_CACHE_KIB);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  return connection;
}

/** Opens the file for a thread that only reads. It must exist. */
export function openForReading(file: string): Connection {
  const connection = new Database(file, { timeout: BUSY_TIMEOUT_MS, fileMustExist: true, readonly: true });
  configure(connection, READER_CACHE_KIB);
  return connection;
}

/**
 * Opens the file for the migrator, and creates it with its folder where there is none.
 *
 * @throws InvalidArgument for a path that can be no database: a folder, a file of another kind,
 *   below a file
 */
export function openForMigration(file: string): Connection {
  try {
    return openOrCreate(file);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    // The path is not what is wrong: another holds the database, or this Node cannot load the
    // module.
    if (code.startsWith('SQLITE_BUSY') || code === 'ERR_DLOPEN_FAILED') throw error;
    throw new InvalidArgument(
      `${file} cannot be opened as a SQLite database (${message}). Give the path of a database, or of a file that can be made, in a folder that the server can write, such as file:./data/telltale.db.`,
      'DATABASE_URL',
    );
  }
}

function openOrCreate(file: string): Connection {
  mkdirSync(dirname(file), { recursive: true });
  const connection = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  // The page size takes effect only before the first page is written; a file that has pages keeps
  // its own.
  connection.pragma(`page_size = ${PAGE_SIZE}`);
  configure(connection, WRITER_CACHE_KIB);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  return connection;
}

function configure(connection: Connection, cacheKib: number): void {
  connection.pragma('foreign_keys = ON');
  // LIKE heeds case, as on PostgreSQL; then a prefix search can use an index as well.
  connection.pragma('case_sensitive_like = ON');
  connection.pragma(`cache_size = -${cacheKib}`);
  connection.pragma(`mmap_size = ${MMAP_BYTES}`);
  connection.pragma('temp_store = MEMORY');
}
