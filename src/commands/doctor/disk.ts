import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type DiskRoom, readRoom } from '../../core/disk-room.ts';
import { showBytes } from './amounts.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

/** A disk with our files. */
export interface DiskFacts {
  /** The kinds of data on it with a folder each, such as "the database in /data". */
  readonly holds: readonly string[];
  /** Null: its file system reports no size. */
  readonly room: DiskRoom | null;
  /** The size of a backup or a new columnar copy. 0: neither is on this disk. */
  readonly neededBytes: number;
}

/** A folder for our data, which need not exist yet. */
export interface DataFolder {
  readonly what: string;
  readonly folder: string;
  readonly neededBytes: number;
}

const MIN_BYTES = 256 * 1024 * 1024;
const MIN_SHARE = 0.1;

/** Examines each disk once, whatever data is on it. */
export function probeDisks(folders: readonly DataFolder[]): DiskFacts[] {
  const disks = new Map<number, DiskFacts>();
  for (const { what, folder, neededBytes } of folders) {
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

export const assessDisks = (disks: readonly DiskFacts[]): readonly Finding[] => disks.map(assessDisk);

function assessDisk({ holds, room, neededBytes }: DiskFacts): Finding {
  if (room === null) {
    return warning(
      'disk',
      `How much room there is for ${holds.join(', ')} is not known: its file system reports no size.`,
      'Choose a folder on a disk (BACKUP_DIR is that of backups), or watch the room where this one keeps its files.',
    );
  }
  const { freeBytes, totalBytes } = room;
  const says = `${showBytes(freeBytes)} of ${showBytes(totalBytes)} are free for ${holds.join(', ')}.`;
  const advice =
    'Free some space: telltale retention --dry-run shows what has expired. Or move old backups ' +
    'elsewhere, or use a larger disk.';
  if (freeBytes < MIN_BYTES) return wrong('disk', says, advice);
  if (freeBytes < neededBytes) {
    return warning('disk', `${says} The backup before a migration needs ${showBytes(neededBytes)}.`, advice);
  }
  // A large disk has room even when only a small share is free.
  const isTight = freeBytes < MIN_SHARE * totalBytes && freeBytes < 4 * neededBytes;
  return isTight ? warning('disk', says, advice) : ok('disk', says);
}
