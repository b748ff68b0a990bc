import { type Backup, listBackups, writeBackup } from '../../backups.ts';
import type { SqlitePool } from './pool.ts';

/** The backups beside a database file. */
export interface Backups {
  list(): Promise<Backup[]>;
  /**
   * Makes a backup of all that was stored before the call. Calls while a backup is being made share
   * the next one.
   */
  make(now: number): Promise<Backup>;
  /** Waits for the backup that is being made. */
  settled(): Promise<void>;
}

export function createBackups(file: string, pool: Pick<SqlitePool, 'copyTo'>): Backups {
  let running: Promise<Backup> | null = null;
  let next: Promise<Backup> | null = null;

  function begin(now: number): Promise<Backup> {
    const begun = make(now).finally(() => {
      if (running === begun) running = null;
    });
    running = begun;
    return begun;
  }

  async function make(now: number): Promise<Backup> {
    const path = await writeBackup(file, now, pool.copyTo);
    const made = (await listBackups(file)).find((backup) => backup.path === path);
    if (made === undefined) throw new Error(`The backup ${path} was made, but then removed at once.`);
    return made;
  }

  return {
    list: () => listBackups(file),
    make(now) {
      if (running === null) return begin(now);
      // The running backup may have begun before the last commit.
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = null;
          return begin(now);
        });
      return next;
    },
    async settled() {
      // The caller of `make` gets the error.
      await (next ?? running)?.catch(() => undefined);
    },
  };
}
