import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defined } from '../../core/defined.ts';
import { isAlive, namesIn } from '../files.ts';
import { timeOfName } from './names.ts';

/**
 * A part of a backup: the copy itself, its manifest or its configuration, complete or not. SQLite has
 * a journal while it writes a copy.
 */
const PART = /^(.*\.backup)(?:\.(?:json|config))?(?:\.(?<pid>\d+))?(?<partial>\.partial(?:-journal)?)?$/;

/**
 * Removes what killed processes left of backups of a database: incomplete files, and a manifest or
 * a configuration without its backup. Keeps the files of another process that is still running,
 * because that backup is being made. Removes those with the id of this process as well: this
 * process makes one backup at a time, so they are from an earlier process with the same id. In a
 * container, the first process always has the same id.
 */
export async function removePartialBackups(folder: string, database: string): Promise<void> {
  const names = await namesIn(folder);
  const parts = names.flatMap((name) => {
    const match = PART.exec(name);
    const backup = match?.[1];
    if (match === null || backup === undefined || timeOfName(backup, database) === null) return [];
    return [
      {
        name,
        backup,
        pid: Number(match.groups?.['pid'] ?? 0),
        isPartial: defined(match.groups)['partial'] !== undefined,
      },
    ];
  });
  const isBeingMade = (pid: number) => pid !== 0 && pid !== process.pid && isAlive(pid);
  const kept = new Set(
    parts.filter(({ name, backup, pid }) => name === backup || isBeingMade(pid)).map(({ backup }) => backup),
  );
  for (const { name, backup, pid, isPartial } of parts) {
    const isLeft = isPartial ? !isBeingMade(pid) : !kept.has(backup);
    if (isLeft) await rm(join(folder, name), { recursive: true, force: true });
  }
}
