import { homedir } from 'node:os';
import { join } from 'node:path';
import { Cron } from 'croner';
import { DAY_MS } from '../core/time/units.ts';
import { oneOf, parsed, text, wholeNumber } from './kinds.ts';

/** Backups of the database. */
export const backupVariables = {
  BACKUP_DIR: {
    ...text('path', 'the path of a folder'),
    fallback: '`backups` beside an SQLite database, `./data/backups` with PostgreSQL',
    description:
      'Folder for backups. If it cannot be written, they go to `~/.telltale/backups`, and the log says so.',
  },
  BACKUP_SCHEDULE: {
    ...parsed(
      'cron',
      'a cron pattern such as 30 3 * * * (minute, hour, day, month, weekday), in UTC',
      readPattern,
    ),
    fallback: 'no scheduled backups',
    description:
      'When to make backups. One instance makes them for all. A backup that was missed is made at the next start.',
  },
  BACKUP_KEEP: {
    ...wholeNumber('backups', 1, 10_000),
    default: '7',
    description:
      'How many backups to keep of each kind: before migrations, scheduled, by `telltale backup`, by ' +
      '`createBackup`.',
  },
  BACKUP_KEEP_DAYS: {
    ...wholeNumber('days', 1, 36_500),
    default: '30',
    description: 'How long to keep backups. The newest always stays.',
  },
  MIGRATION_BACKUP: {
    ...oneOf('required', 'off'),
    fallback:
      '`required`; outside of NODE_ENV=production, PostgreSQL without `pg_dump` is migrated without a ' +
      'backup',
    description:
      'Whether to back up the database before a migration changes it. `required`: without a backup, the ' +
      'server does not start.',
  },
  PG_DUMP: {
    ...text('path', 'the path of pg_dump'),
    fallback: 'the one in `PATH`',
    description:
      'The program that makes backups of PostgreSQL, with `pg_restore` beside it. It must not be older ' +
      'than the PostgreSQL server.',
  },
};

/** A pattern that croner can parse; null otherwise. */
function readPattern(pattern: string): string | null {
  try {
    new Cron(pattern, { paused: true });
    // croner also accepts a point in time, which is not a schedule.
    return pattern.trim().split(/\s+/).length >= 5 || pattern.startsWith('@') ? pattern : null;
  } catch {
    return null;
  }
}

/** How backups of the database are created and kept. */
export interface BackupConfig {
  /** Null for the default of the database. */
  readonly folder: string | null;
  /** The folder to use if that one is not writable. */
  readonly fallbackFolder: string;
  /** A cron pattern in UTC. Null for none. */
  readonly schedule: string | null;
  /** How many backups to keep per reason. */
  readonly keep: number;
  readonly keepMs: number;
  /** `wanted`: a migration proceeds without a backup if no program can create one. */
  readonly beforeMigration: 'required' | 'wanted' | 'off';
  /** Null for the one in PATH. */
  readonly pgDump: string | null;
}

interface Values {
  readonly BACKUP_DIR: string | undefined;
  readonly BACKUP_SCHEDULE: string | undefined;
  readonly BACKUP_KEEP: number;
  readonly BACKUP_KEEP_DAYS: number;
  readonly MIGRATION_BACKUP: 'required' | 'off' | undefined;
  readonly PG_DUMP: string | undefined;
  readonly NODE_ENV: string | undefined;
}

/** @param home the home folder of the user; default: as the system reports it */
export const readBackupConfig = (values: Values, home: string | undefined): BackupConfig => ({
  folder: values.BACKUP_DIR ?? null,
  fallbackFolder: join(home || homedir(), '.telltale', 'backups'),
  schedule: values.BACKUP_SCHEDULE ?? null,
  keep: values.BACKUP_KEEP,
  keepMs: values.BACKUP_KEEP_DAYS * DAY_MS,
  beforeMigration: values.MIGRATION_BACKUP ?? (values.NODE_ENV === 'production' ? 'required' : 'wanted'),
  pgDump: values.PG_DUMP ?? null,
});
