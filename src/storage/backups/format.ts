import type { Dialect } from '../store.ts';
import type { Contents } from './backup.ts';

/** How backups of one database are made and checked, and how they replace it. */
export interface BackupFormat {
  readonly dialect: Dialect;
  /** The first part of the names of its backups, such as `telltale.db`. */
  readonly name: string;
  /** Distinguishes it from other databases: its path, or its address without the user. */
  readonly database: string;
  /** The folder for its backups, unless another is given. */
  readonly folder: string;
  /** Whether all backups with this name in that folder are of this database. */
  readonly ownsFolder: boolean;
  /**
   * Checks that everything is there that backups need.
   *
   * @throws BackupToolMissing that says what to do
   */
  expectTools(): Promise<void>;
  /** The size of the database, without free space in it. Null if there is no database. */
  bytes(): Promise<number | null>;
  /**
   * Writes a consistent copy of everything that is committed into an empty file, whose permissions
   * stay. Ends soon after the signal, and then writes no more.
   */
  copyTo(path: string, signal?: AbortSignal): Promise<void>;
  /**
   * Reads a backup completely. `thorough` also compares each index with its table, which takes
   * longer. Ends soon after the signal.
   *
   * @throws DamagedBackup
   */
  inspect(
    path: string,
    options: { readonly thorough: boolean; readonly signal?: AbortSignal },
  ): Promise<Contents>;
  /** Replaces the database by a backup. */
  readonly restore: RestoreTarget;
}

/** A table whose rows stored after a backup are counted. */
export interface CountedTable {
  readonly name: string;
  readonly table: string;
  /** The column with the time at which a row was stored. */
  readonly storedAt: string;
}

export interface RestoreTarget {
  /** @throws TelltaleError CONFLICT if a server uses the database */
  expectUnused(): Promise<void>;
  /**
   * The number of rows that were stored after an instant (epoch milliseconds), by name. Null if
   * there is no database. One that is empty, or of an older version, lacks tables: they have no
   * rows.
   */
  rowsSince(tables: readonly CountedTable[], instant: number): Promise<Record<string, number> | null>;
  /**
   * Replaces the database by a checked backup, completely or not at all. The former database is
   * kept under a name with the time of the call.
   *
   * @param options `check` is given the new database just before it replaces the former one
   * @returns where the former database is; null if there was none
   */
  replaceBy(
    path: string,
    options: { readonly now: number; check(contents: Contents, sha256: string | null): void },
  ): Promise<string | null>;
}
