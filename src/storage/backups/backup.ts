/** Why a backup was made. */
export const BACKUP_REASONS = ['MIGRATION', 'SCHEDULE', 'COMMAND', 'MUTATION'] as const;
export type BackupReason = (typeof BACKUP_REASONS)[number];

/** What a database or a backup of it contains. */
export interface Contents {
  /** The names of its migrations, in their order. */
  readonly migrations: readonly string[];
  /** The number of rows by table. */
  readonly rows: Readonly<Record<string, number>>;
}

/**
 * The file that is written beside a backup after it was checked: `<backup>.json`. Its times are ISO
 * 8601.
 */
export interface Manifest extends Contents {
  /** The version of this format. */
  readonly manifest: 1;
  /** The version of Telltale that made the backup. */
  readonly telltale: string;
  readonly dialect: 'sqlite' | 'postgresql';
  /** The path of the file, or the address of the database without the user. */
  readonly database: string;
  readonly createdAt: string;
  readonly reason: BackupReason;
  readonly bytes: number;
  /** Of the backup file, in hexadecimal. */
  readonly sha256: string;
  /** The files of the configuration that are in `<backup>.config`. */
  readonly configuration: readonly string[];
}

/**
 * VERIFIED: it was opened and checked when it was made, and still has the same size. UNKNOWN:
 * nothing says that it was checked; a version before manifests made it. DAMAGED: its size has
 * changed.
 */
export type BackupState = 'VERIFIED' | 'UNKNOWN' | 'DAMAGED';

/** A file with a copy of the whole database. */
export interface Backup {
  readonly name: string;
  readonly path: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly bytes: number;
  readonly state: BackupState;
  /** Null if there is none. */
  readonly manifest: Manifest | null;
}

/** The progress of a backup. */
export interface BackupProgress {
  readonly phase: 'COPYING' | 'CHECKING' | 'DONE' | 'FAILED';
  readonly reason: BackupReason;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** How many bytes of the backup are written. */
  readonly bytes: number;
  /** The size of the database; the backup is smaller. Null if it is not known. */
  readonly databaseBytes: number | null;
  /** The backup, once it is DONE. */
  readonly backup: Backup | null;
  /** Why it FAILED. */
  readonly problem: string | null;
}

/** A file of the configuration that is stored with a backup. */
export interface ConfigurationFile {
  /** Its path in `<backup>.config`. */
  readonly name: string;
  readonly path: string;
}
