import { basename, resolve } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { TelltaleError } from '../../core/errors.ts';
import { messageOf } from '../../core/thrown.ts';
import type { Backup, BackupProgress, BackupReason, ConfigurationFile } from './backup.ts';
import { DamagedBackup } from './errors.ts';
import type { BackupFormat } from './format.ts';
import { listBackups, readBackup } from './list-backups.ts';
import { timeOfName } from './names.ts';
import { type Keeping, removeBackup, superfluousBackups } from './prune.ts';
import { createReport } from './report.ts';
import { createSharedWork } from './shared-work.ts';
import { removePartialBackups } from './sweep.ts';
import { writeBackup } from './write-backup.ts';

export interface BackupsOptions {
  readonly format: BackupFormat;
  readonly clock: Clock;
  /** Where backups go. Null: the default of the database. */
  readonly folder: string | null;
  /** Where they go if that folder cannot be written to. */
  readonly fallbackFolder: string;
  readonly keeping: Keeping;
  /** The files of the configuration that are stored with each backup. */
  readonly configuration: readonly ConfigurationFile[];
  /** Called with a sentence about a problem that did not make the work fail. */
  readonly onProblem: (text: string) => void;
}

export interface MakeOptions {
  readonly reason: BackupReason;
  /** A folder for this backup only. Nothing is pruned in it, and there is no fallback. */
  readonly folder?: string | undefined;
}

/** The backups of one database. */
export interface Backups {
  readonly format: BackupFormat;
  /** The folders in which they are, the preferred one first. */
  readonly folders: readonly string[];
  /** The newest first. */
  list(): Promise<Backup[]>;
  /**
   * Makes a backup of everything that was committed before the call, checks it, and removes those
   * that are too many or too old. Only one is made at a time; calls meanwhile share the next one.
   *
   * @throws BackupFailed, BackupToolMissing, DamagedBackup, StorageUnavailable, the reason of
   *   `stop`
   */
  make(options: MakeOptions): Promise<Backup>;
  /** The backup that is being made, otherwise the last one; null if this process has made none. */
  progress(): BackupProgress | null;
  /** Calls the listener at each step of a backup. Returns a function that ends this. */
  follow(listener: (progress: BackupProgress) => void): () => void;
  /** Removes files that killed processes left behind. */
  sweep(): Promise<void>;
  /**
   * Stops the backup that is being made, and makes no more: whoever waits for one gets the reason.
   * It leaves nothing behind.
   */
  stop(reason?: Error): Promise<void>;
}

const STOPPED = new TelltaleError(
  'UNAVAILABLE',
  'The server is shutting down, so the backup was not finished.',
  {
    retryAfterMs: 1_000,
  },
);

export function createBackups(options: BackupsOptions): Backups {
  const { format, clock, keeping, configuration, onProblem } = options;
  const folders = [options.folder ?? format.folder, options.fallbackFolder].map((path) => resolve(path));
  const report = createReport();
  const stopping = new AbortController();
  const { signal } = stopping;

  async function make({ reason, folder }: MakeOptions): Promise<Backup> {
    signal.throwIfAborted();
    const now = clock.now();
    report.begin(reason, now);
    await format.expectTools();
    report.tell({ databaseBytes: await sizeOf(format) });
    const onPhase = (phase: 'COPYING' | 'CHECKING', partial: string): void => {
      report.tell({ phase });
      report.watch(partial);
    };
    const onRefused = (refused: string, error: unknown): void =>
      onProblem(`Backups cannot be written to ${refused} (${messageOf(error)}); they go to ${folders[1]}.`);
    const request = { reason, now, configuration, onPhase, signal };
    const path = await writeBackup(format, folder === undefined ? folders : [folder], request, onRefused);
    const backup = await readBackup(path, timeOfName(basename(path), format.name) ?? now);
    if (backup === null) throw new DamagedBackup(path, 'it was made, but removed right afterwards.');
    await prune(now);
    report.tell({ phase: 'DONE', bytes: backup.bytes, backup });
    return backup;
  }

  /** The backup was made. That older ones cannot be removed is no reason to fail. */
  async function prune(now: number): Promise<void> {
    try {
      const all = await listBackups(format, folders);
      for (const backup of superfluousBackups(all, keeping, now)) await removeBackup(backup);
    } catch (error) {
      onProblem(`Older backups cannot be removed: ${messageOf(error)}`);
    }
  }

  // A running backup may have begun before the last commit, so anybody who asks meanwhile needs
  // another one.
  const work = createSharedWork<MakeOptions, Backup>(
    async (made) => {
      try {
        return await make(made);
      } catch (error) {
        report.tell({ phase: 'FAILED', problem: messageOf(error) });
        throw error;
      } finally {
        report.watch(null);
      }
    },
    ({ folder }) => folder,
  );

  return {
    format,
    folders,
    list: () => listBackups(format, folders),
    make: work.run,
    progress: report.current,
    follow: report.follow,
    async sweep() {
      for (const folder of folders) await removePartialBackups(folder, format.name);
    },
    async stop(reason = STOPPED) {
      stopping.abort(reason);
      await work.settled();
    },
  };
}

/** @throws TelltaleError NOT_FOUND if there is no database */
async function sizeOf(format: BackupFormat): Promise<number> {
  const bytes = await format.bytes();
  if (bytes !== null) return bytes;
  throw new TelltaleError('NOT_FOUND', `There is no database to copy: ${format.database} does not exist.`);
}
