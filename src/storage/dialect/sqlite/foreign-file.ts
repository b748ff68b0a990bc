import { TelltaleError } from '../../../core/errors.ts';
import { codeOf, messageOf } from '../../../core/thrown.ts';
import { type Connection, Sqlite, type Statement } from './driver.ts';

export type ForeignRow = Readonly<Record<string, unknown>>;

export interface ForeignTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** The columns of its primary key, in their order. Empty if it has none. */
  readonly key: readonly string[];
  readonly rows: number;
}

/** An SQLite file of another program, as it was when it was opened. */
export interface ForeignFile {
  readonly tables: readonly ForeignTable[];
  /** The rows of a query, read on demand. JSON in SQLite's binary form becomes text. */
  rows(sql: string): Iterable<ForeignRow>;
  close(): void;
}

/**
 * Opens an SQLite file of another program for reading only. One transaction reads all of it, while
 * others may write to it. In WAL mode, it also sees the log, for which SQLite needs to write a
 * `-shm` file beside the database.
 *
 * @throws TelltaleError BAD_USER_INPUT if it cannot be read, or is not an SQLite file
 */
export function openForeignFile(file: string): ForeignFile {
  let connection: Connection | null = null;
  try {
    connection = new Sqlite(file, { readonly: true, fileMustExist: true });
    connection.exec('begin');
    return readFrom(connection);
  } catch (error) {
    connection?.close();
    throw explained(file, error);
  }
}

function readFrom(connection: Connection): ForeignFile {
  const toText = connection.prepare<[Buffer], { text: string }>('select json(?) as text');
  return {
    tables: connection
      .prepare<[], { name: string }>(
        `select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name`,
      )
      .all()
      .map(({ name }) => describe(connection, name)),
    *rows(sql) {
      for (const row of connection.prepare<[], ForeignRow>(sql).iterate()) {
        yield Object.values(row).some(Buffer.isBuffer) ? withText(row, toText) : row;
      }
    },
    close: () => connection.close(),
  };
}

function describe(connection: Connection, name: string): ForeignTable {
  const columns = connection
    .prepare<[string], { name: string; pk: number }>('select name, pk from pragma_table_info(?)')
    .all(name);
  const counted = connection
    .prepare<[], { rows: number }>(`select count(*) as rows from ${quoted(name)}`)
    .get();
  return {
    name,
    columns: columns.map((column) => column.name),
    key: columns
      .filter(({ pk }) => pk > 0)
      .toSorted((one, other) => one.pk - other.pk)
      .map((column) => column.name),
    rows: counted?.rows ?? 0,
  };
}

/** The name as an SQL identifier. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function withText(row: ForeignRow, toText: Statement<[Buffer], { text: string }>): ForeignRow {
  const texts = Object.entries(row).map(([name, value]) => [
    name,
    Buffer.isBuffer(value) ? textOf(value, toText) : value,
  ]);
  return Object.fromEntries(texts);
}

/** Bytes that are not JSON are not text either. They are shown as hexadecimal digits. */
function textOf(bytes: Buffer, toText: Statement<[Buffer], { text: string }>): string {
  try {
    return toText.get(bytes)?.text ?? bytes.toString('hex');
  } catch (error) {
    if (codeOf(error) !== 'SQLITE_ERROR') throw error;
    return bytes.toString('hex');
  }
}

function explained(file: string, error: unknown): unknown {
  const code = codeOf(error);
  const advice =
    code === 'SQLITE_NOTADB'
      ? 'is not an SQLite database.'
      : code?.startsWith('SQLITE_CANTOPEN')
        ? 'cannot be opened. Check its path. If its folder is read-only, copy the file, and its -wal file if there is one, to a folder that you may write to.'
        : code === 'SQLITE_READONLY_ROLLBACK' || code === 'SQLITE_READONLY_RECOVERY'
          ? 'was left in the middle of a write: open it once with the program that wrote it.'
          : code?.startsWith('SQLITE_CORRUPT')
            ? `is damaged (${messageOf(error)}).`
            : null;
  return advice === null ? error : new TelltaleError('BAD_USER_INPUT', `${file} ${advice}`);
}
