/** Why a backup was made. */
export const BACKUP_REASONS = ['MIGRATION', 'SCHEDULE', 'COMMAND', 'MUTATION'] as const;
export type BackupReason = (typeof BACKUP_REASONS)[number];

/** What a database or a backup of it holds. */
export interface Contents {
  /** Names of the migrations that it has, in their order. */
  readonly migrations: readonly string[];
  /** The number of rows by table. */
  readonly rows: Readonly<Record<string, number>>;
}

/**
 * What is written beside a backup after it was checked: `<backup>.json`. Times are ISO 8601 in it.
 */
export interface Manifest extends Contents {
  /** The version of this form. */
  readonly manifest: 1;
  /** The version of Telltale that made the backup. */
  readonly telltale: string;
  readonly dialect: 'sqlite' | 'postgresql';
  /** The path of the file, or the address of the database without the user. */
  readonly database: string;
  readonly createdAt: string;
  readonly reason: BackupReason;
  readonly bytes: number;
  /** Of the backup, in hexadecimal. */
  readonly sha256: string;
  /** The files of the configuration that are in `<backup>.config`. */
  readonly configuration: readonly string[];
}

/**
 * VERIFIED: it was opened and checked when it was made, and has the size that it had then. UNKNOWN:
 * nothing says that it was checked; versions before the manifest made it. DAMAGED: its size is
 * another one.
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
  /** Null without one. */
  readonly manifest: Manifest | null;
}

/** How far a backup is that is being made. */
export interface BackupProgress {
  readonly phase: 'COPYING' | 'CHECKING' | 'DONE' | 'FAILED';
  readonly reason: BackupReason;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** How much of the backup is written. */
  readonly bytes: number;
  /** The size of the database; the backup is smaller. Null if it is not known. */
  readonly databaseBytes: number | null;
  /** The backup, once it is DONE. */
  readonly backup: Backup | null;
  /** Why it FAILED. */
  readonly problem: string | null;
}

/** A file of the configuration that goes along with a backup. */
export interface ConfigurationFile {
  /** Its path in `<backup>.config`. */
  readonly name: string;
  readonly path: string;
}
