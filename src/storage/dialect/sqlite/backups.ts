import { type Backup, listBackups, writeBackup } from '../../backups.ts';
import type { SqlitePool } from './pool.ts';

/** The copies of a database file that lie beside it. */
export interface Backups {
  list(): Promise<Backup[]>;
  /** Makes one. Who asks while one is being made gets that one. */
  make(now: number): Promise<Backup>;
  /** Waits for the one that is being made. */
  settled(): Promise<void>;
}

export function createBackups(file: string, pool: Pick<SqlitePool, 'copyTo'>): Backups {
  let making: Promise<Backup> | null = null;

  async function make(now: number): Promise<Backup> {
    const path = await writeBackup(file, now, pool.copyTo);
    const made = (await listBackups(file)).find((backup) => backup.path === path);
    if (made === undefined) throw new Error(`The backup ${path} was made, and taken away at once.`);
    return made;
  }

  return {
    list: () => listBackups(file),
    make(now) {
      making ??= make(now).finally(() => {
        making = null;
      });
      return making;
    },
    async settled() {
      // Whoever asked for it hears of a failure.
      await making?.catch(() => undefined);
    },
  };
}
