import { rm } from 'node:fs/promises';
import type { Backup } from './backup.ts';
import { configurationOf, manifestOf } from './manifest.ts';

export interface Keeping {
  /** How many backups of each reason stay. */
  readonly keep: number;
  /** How long a backup stays, in milliseconds. */
  readonly keepMs: number;
}

/**
 * The backups that are too many or too old. Each reason is counted separately, so that backups on
 * request never push out scheduled ones. The newest stays however old it is, and so does the newest
 * that was checked. The one from before the last migration stays until it is too old. Pure.
 *
 * @param backups the newest first
 * @param now epoch milliseconds
 */
export function superfluousBackups(
  backups: readonly Backup[],
  { keep, keepMs }: Keeping,
  now: number,
): readonly Backup[] {
  const isTooOld = ({ createdAt }: Backup): boolean => now - createdAt > keepMs;
  const reasonOf = ({ manifest }: Backup) => manifest?.reason ?? 'UNKNOWN';
  const lastMigration = backups.find((backup) => reasonOf(backup) === 'MIGRATION');
  const newest = [backups[0], backups.find(({ state }) => state === 'VERIFIED')];
  const counts = new Map<string, number>();
  return backups.filter((backup) => {
    const count = (counts.get(reasonOf(backup)) ?? 0) + 1;
    counts.set(reasonOf(backup), count);
    if (newest.includes(backup)) return false;
    return isTooOld(backup) || (count > keep && backup !== lastMigration);
  });
}

/**
 * Removes a backup. The backup file goes first: if the process is killed, the rest is swept with
 * the incomplete ones.
 */
export async function removeBackup({ path }: Backup): Promise<void> {
  await rm(path, { force: true });
  await rm(manifestOf(path), { force: true });
  await rm(configurationOf(path), { recursive: true, force: true });
}
