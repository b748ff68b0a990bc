import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { showBytes } from './amounts.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

/** A disk with files of ours. */
export interface DiskFacts {
  /** One folder of each kind on it, such as "the database in /data". */
  readonly holds: readonly string[];
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** What a backup or a new copy by columns would take. 0: neither is on this disk. */
  readonly neededBytes: number;
}

/** A folder of ours, which need not exist yet. */
export interface Place {
  readonly what: string;
  readonly folder: string;
  readonly neededBytes: number;
}

const LEAST_BYTES = 256 * 1024 * 1024;
const LEAST_SHARE = 0.1;

/** Looks at each disk once, whatever lies on it. */
export function probeDisks(places: readonly Place[]): DiskFacts[] {
  const disks = new Map<number, DiskFacts>();
  for (const { what, folder, neededBytes } of places) {
    const existing = nearestExisting(folder);
    const { dev } = statSync(existing);
    const { bavail, blocks, bsize } = statfsSync(existing);
    const before = disks.get(dev);
    disks.set(dev, {
      holds: [...(before?.holds ?? []), `${what} in ${folder}`],
      // What is left for programs that are not root's.
      freeBytes: bavail * bsize,
      totalBytes: blocks * bsize,
      neededBytes: (before?.neededBytes ?? 0) + neededBytes,
    });
  }
  return [...disks.values()];
}

function nearestExisting(folder: string): string {
  const path = resolve(folder);
  return existsSync(path) ? path : nearestExisting(dirname(path));
}

export const judgeDisks = (disks: readonly DiskFacts[]): readonly Finding[] => disks.map(judgeDisk);

function judgeDisk({ holds, freeBytes, totalBytes, neededBytes }: DiskFacts): Finding {
  const says = `${showBytes(freeBytes)} of ${showBytes(totalBytes)} are free for ${holds.join(', ')}.`;
  const advice =
    'Free some space: telltale retention --dry-run shows what has expired. Or move old backups ' +
    'elsewhere, or use a larger disk.';
  if (freeBytes < LEAST_BYTES) return wrong('disk', says, advice);
  if (freeBytes < neededBytes) {
    return warning('disk', `${says} The backup before a migration needs ${showBytes(neededBytes)}.`, advice);
  }
  // A large disk has room at a small share.
  const isTight = freeBytes < LEAST_SHARE * totalBytes && freeBytes < 4 * neededBytes;
  return isTight ? warning('disk', says, advice) : ok('disk', says);
}
