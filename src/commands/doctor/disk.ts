import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type DiskRoom, readRoom } from '../../storage/disk-room.ts';
import { showBytes } from './amounts.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

/** A disk with files of ours. */
export interface DiskFacts {
  /** One folder of each kind on it, such as "the database in /data". */
  readonly holds: readonly string[];
  /** Null: its file system names no size. */
  readonly room: DiskRoom | null;
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
    const before = disks.get(dev);
    disks.set(dev, {
      holds: [...(before?.holds ?? []), `${what} in ${folder}`],
      room: readRoom(statfsSync(existing)),
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

function judgeDisk({ holds, room, neededBytes }: DiskFacts): Finding {
  if (room === null) {
    return warning(
      'disk',
      `How much room there is for ${holds.join(', ')} is not known: the file system names no size.`,
      'Choose a folder on a disk (BACKUP_DIR is that of backups), or watch the room where this one keeps its files.',
    );
  }
  const { freeBytes, totalBytes } = room;
  const says = `${showBytes(freeBytes)} of ${showBytes(totalBytes)} are free for ${holds.join(', ')}.`;
  const advice =
    'Make room: telltale retention --dry-run says what has expired; move old backups elsewhere, or give it a larger disk.';
  if (freeBytes < LEAST_BYTES) return wrong('disk', says, advice);
  if (freeBytes < neededBytes) {
    return warning(
      'disk',
      `${says} A backup, as a migration makes it, takes ${showBytes(neededBytes)}.`,
      advice,
    );
  }
  // A large disk has room at a small share.
  const isTight = freeBytes < LEAST_SHARE * totalBytes && freeBytes < 4 * neededBytes;
  return isTight ? warning('disk', says, advice) : ok('disk', says);
}
