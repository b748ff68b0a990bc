import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { codeOf, messageOf } from '../../../core/thrown.ts';
import type { Contents } from '../../backups/backup.ts';
import { DamagedBackup } from '../../backups/errors.ts';
import type { BackupFormat } from '../../backups/format.ts';
import { fileOfUrl } from './location.ts';
import type { StatementResult } from './protocol.ts';
import { createRestoreTarget } from './restore.ts';
import { runBackupTask } from './run-backup-task.ts';
import { startThread } from './thread.ts';

/** Backups of a SQLite file: each is itself a database. */
export function createBackupFormat(url: string): BackupFormat {
  const file = resolve(fileOfUrl(url));
  return {
    dialect: 'sqlite',
    name: basename(file),
    database: file,
    folder: join(dirname(file), 'backups'),
    ownsFolder: true,
    expectTools: async () => {},
    async bytes() {
      if (!(await hasContent(file))) return null;
      const thread = startThread({ file, role: 'reader', stepsBack: 'BACKGROUND', datasets: [] }, () => {});
      try {
        const { rows } = await thread.request<StatementResult>({
          kind: 'statement',
          sql: 'select page_size * (page_count - freelist_count) from pragma_page_size, pragma_page_count, pragma_freelist_count',
          parameters: [],
        });
        return Number(rows[0]?.[0]);
      } finally {
        await thread.close();
      }
    },
    copyTo: async (path, signal) => void (await runBackupTask({ kind: 'copy', file, path }, signal)),
    inspect: (path, { thorough, signal }) =>
      inspect(path, thorough ? 'integrity_check' : 'quick_check', signal),
    restore: createRestoreTarget(file, (path) => inspect(path, 'quick_check')),
  };
}

async function hasContent(file: string): Promise<boolean> {
  try {
    return (await stat(file)).size > 0;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Checks a whole database file. */
async function inspect(
  path: string,
  check: 'integrity_check' | 'quick_check',
  signal?: AbortSignal,
): Promise<Contents> {
  try {
    const found = await runBackupTask({ kind: 'check', file: path, check }, signal);
    if (found?.contents) return found.contents;
    throw new DamagedBackup(path, found?.problems.join('; ') ?? 'it was not read');
  } catch (error) {
    if (error instanceof DamagedBackup || codeOf(error) === 'SQLITE_BUSY') throw error;
    signal?.throwIfAborted();
    throw new DamagedBackup(path, messageOf(error));
  }
}
