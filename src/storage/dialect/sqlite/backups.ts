import { type Backup, listBackups, writeBackup } from '../../backups.ts';
import type { SqlitePool } from './pool.ts';

/** The copies of a database file that lie beside it. */
export interface Backups {
  list(): Promise<Backup[]>;
  /**
   * Makes one, with all that was stored before it was asked for. Those who ask while one is being
   * made share the next.
   */
  make(now: number): Promise<Backup>;
  /** Waits for the one that is being made. */
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
      // The one that is being made may have begun before the last commit.
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = null;
          return begin(now);
        });
      return next;
    },
    async settled() {
      // Whoever asked for it hears of a failure.
      await (next ?? running)?.catch(() => undefined);
    },
  };
}
