import { stat } from 'node:fs/promises';
import type { BackupProgress, BackupReason } from './backup.ts';

/** Reports the progress of backups. */
export interface Report {
  current(): BackupProgress | null;
  follow(listener: (progress: BackupProgress) => void): () => void;
  begin(reason: BackupReason, startedAt: number): void;
  tell(changes: Partial<BackupProgress>): void;
  /**
   * Reports the size of a growing file from time to time, until the next call. Null: of no file.
   */
  watch(path: string | null): void;
}

/** How often the size of a growing copy is checked. */
const POLL_INTERVAL_MS = 500;

export function createReport(): Report {
  const listeners = new Set<(progress: BackupProgress) => void>();
  let last: BackupProgress | null = null;
  let timer: NodeJS.Timeout | undefined;

  function tell(changes: Partial<BackupProgress>): void {
    if (last === null) return;
    last = { ...last, ...changes };
    for (const listener of listeners) listener(last);
  }

  async function measure(path: string): Promise<void> {
    // The file does not exist at the very beginning.
    const found = await stat(path).catch(() => null);
    if (found !== null && last?.phase === 'COPYING') tell({ bytes: found.size });
  }

  return {
    tell,
    current: () => last,
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    begin(reason, startedAt) {
      last = {
        phase: 'COPYING',
        reason,
        startedAt,
        bytes: 0,
        databaseBytes: null,
        backup: null,
        problem: null,
      };
    },
    watch(path) {
      clearInterval(timer);
      if (path !== null) timer = setInterval(() => void measure(path), POLL_INTERVAL_MS).unref();
    },
  };
}
