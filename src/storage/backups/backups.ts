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
  /** Where backups go. Null: where the database decides. */
  readonly folder: string | null;
  /** Where they go if that folder cannot be written. */
  readonly fallbackFolder: string;
  readonly keeping: Keeping;
  /** The files of the configuration that go along. */
  readonly configuration: readonly ConfigurationFile[];
  /** Called with a sentence about what did not go as it should, and yet went. */
  readonly onProblem: (text: string) => void;
}

export interface MakeOptions {
  readonly reason: BackupReason;
  /** Another folder, for this backup only: nothing is pruned in it, and no other folder will do. */
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
   * Makes a backup of all that was committed before the call, checks it, and removes those that are
   * too many or too old. One is made at a time: calls meanwhile share the next one.
   *
   * @throws BackupFailed, BackupToolMissing, DamagedBackup, StorageUnavailable, the reason of `stop`
   */
  make(options: MakeOptions): Promise<Backup>;
  /** The backup that is being made; the last one if none is; null if this process made none. */
  progress(): BackupProgress | null;
  /** Calls a function at each step of a backup. Returns how to end that. */
  follow(listener: (progress: BackupProgress) => void): () => void;
  /** Removes what killed processes left. */
  sweep(): Promise<void>;
  /**
   * Stops the backup that is being made, and makes no more: who waits for one gets the reason. Nothing is
   * left of it afterwards.
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

  /** A backup was made: that older ones cannot be removed is no reason to fail. */
  async function prune(now: number): Promise<void> {
    try {
      const all = await listBackups(format, folders);
      for (const backup of superfluousBackups(all, keeping, now)) await removeBackup(backup);
    } catch (error) {
      onProblem(`Older backups cannot be removed: ${messageOf(error)}`);
    }
  }

  // A running backup may have begun before the last commit: who asks meanwhile needs another one.
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
