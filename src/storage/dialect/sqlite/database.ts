import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { InvalidArgument } from '../../../core/errors.ts';
import { codeOf, messageOf } from '../../../core/thrown.ts';
import { StorageUnavailable } from '../../errors.ts';
import { PRIVATE_FILE, PRIVATE_FOLDER } from '../../files.ts';
import { type Connection, Sqlite } from './driver.ts';

/** How long a connection waits for a lock that another process holds, in milliseconds. */
const BUSY_TIMEOUT_MS = 15_000;
/** Anybody who inspects a database does not want to wait for long. */
const INSPECTION_TIMEOUT_MS = 2_000;
/**
 * The page size of a new file, in bytes. A page holds several rows of about 400 bytes, or cells of
 * about a kilobyte.
 */
const PAGE_SIZE = 8192;
/**
 * The page cache of a connection in KiB. Larger values made no question faster. The file is not
 * mapped into memory: mapping makes a scan 4 % faster, but takes the memory once more per
 * connection, and a read that fails would end the process.
 */
const WRITER_CACHE_KIB = 128 * 1024;
const READER_CACHE_KIB = 64 * 1024;
const INSPECTION_CACHE_KIB = 8 * 1024;
/**
 * The size of the write-ahead log, in pages, from which on a commit copies pages back to the file.
 * Ids from clients are random, so the same index pages change again and again. The rarer the
 * copying, the fewer times each page is written.
 */
export const CHECKPOINT_PAGES = 16_000;

const NOT_OF_THE_PATH = /^(?:SQLITE_(?:BUSY|FULL|IOERR|CORRUPT)|ERR_DLOPEN_FAILED)/;

const IF_IT_WAS =
  ' If it was the database, it is damaged: `telltale backups` lists the backups that `telltale ' +
  'restore` can restore.';

/** Opens the file, which must exist, for the writing thread. */
export function openForWriting(file: string): Connection {
  const connection = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS, fileMustExist: true });
  configure(connection, WRITER_CACHE_KIB);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  return connection;
}

/** Opens the file, which must exist, for a reading thread. */
export function openForReading(file: string): Connection {
  const connection = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS, fileMustExist: true, readonly: true });
  configure(connection, READER_CACHE_KIB);
  return connection;
}

/** Opens the file, which must exist, for inspection: quickly, and with little memory. */
export function openForInspection(file: string): Connection {
  const connection = new Sqlite(file, {
    timeout: INSPECTION_TIMEOUT_MS,
    fileMustExist: true,
    readonly: true,
  });
  configure(connection, INSPECTION_CACHE_KIB);
  return connection;
}

/**
 * Opens the file for the migrator. Creates it and its folder if they do not exist.
 *
 * @throws InvalidArgument for a path that cannot be a database: a folder, a file of another kind,
 *   or a path below a file
 * @throws StorageUnavailable if the file exists but may not be written to
 */
export function openForMigration(file: string): Connection {
  try {
    return openOrCreate(file);
  } catch (error) {
    // The path is not the problem: another process has locked the database, its disk is full or
    // fails, a page of it is damaged, or this version of Node.js cannot load the module.
    const code = codeOf(error) ?? '';
    if (NOT_OF_THE_PATH.test(code)) throw error;
    if (existsSync(file) && !isWritable(file)) {
      const message = `${file}, and the folder around it, must be writable for the server: ${messageOf(error)}`;
      throw new StorageUnavailable(message, { trouble: 'READ_ONLY', cause: error });
    }
    throw new InvalidArgument(
      `${file} cannot be opened as a SQLite database (${messageOf(error)}). Give the path of a ` +
        'database or of a new file, in a folder that the server can write to, such as ' +
        `file:./data/telltale.db.${code === 'SQLITE_NOTADB' ? IF_IT_WAS : ''}`,
      'DATABASE_URL',
    );
  }
}

/** SQLite writes the file, and creates two others beside it. */
function isWritable(file: string): boolean {
  try {
    for (const path of [file, dirname(file)]) accessSync(path, constants.W_OK);
    return true;
  } catch {
    // Whatever the reason, the file cannot be written to.
    return false;
  }
}

function openOrCreate(file: string): Connection {
  mkdirSync(dirname(file), { recursive: true, mode: PRIVATE_FOLDER });
  // SQLite would create the file readable for everybody. Its log and its index get the permissions
  // of the file.
  if (!existsSync(file)) closeSync(openSync(file, 'a', PRIVATE_FILE));
  const connection = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
  // The page size takes effect only before the first page is written; an existing file keeps its
  // own.
  connection.pragma(`page_size = ${PAGE_SIZE}`);
  configure(connection, WRITER_CACHE_KIB);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  return connection;
}

function configure(connection: Connection, cacheKib: number): void {
  connection.pragma('foreign_keys = ON');
  // LIKE is case-sensitive, as on PostgreSQL, so that a prefix search can use an index.
  connection.pragma('case_sensitive_like = ON');
  connection.pragma(`cache_size = -${cacheKib}`);
  connection.pragma('temp_store = MEMORY');
}
