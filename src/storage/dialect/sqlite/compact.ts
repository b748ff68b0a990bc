import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { readRoom } from '../../../core/disk-room.ts';
import { TelltaleError } from '../../../core/errors.ts';
import { codeOf } from '../../../core/thrown.ts';
import type { Compaction, CompactionProgress } from '../../compaction.ts';
import { StorageUnavailable } from '../../errors.ts';
import { type Connection, Sqlite } from './driver.ts';

/** Where SQLite puts its temporary files: the first of these folders that exists. */
const temporaryFolder = (): string =>
  [process.env['SQLITE_TMPDIR'], process.env['TMPDIR'], '/var/tmp', '/usr/tmp', '/tmp'].find(
    (folder) => folder !== undefined && existsSync(folder),
  ) ?? '.';

/**
 * Rebuilds the file without its free pages, in place and in one transaction: if the process is
 * killed at any moment, the file is either the former or the new one. SQLite's lock keeps everybody
 * else out, including a server that starts meanwhile. Row numbers stay, so columnar copies stay
 * valid.
 *
 * @throws TelltaleError CONFLICT if anybody has the database open, or if there is not enough room
 *   on the disk
 * @throws StorageUnavailable if the file is damaged
 */
export function compactFile(file: string, onProgress: CompactionProgress): Compaction {
  const connection = openAlone(file);
  try {
    const before = statSync(file).size;
    const number = (name: string) => Number(connection.pragma(name, { simple: true }));
    const used = (number('page_count') - number('freelist_count')) * number('page_size');
    expectRoom(file, used);
    onProgress(0, 'rebuilding the file');
    connection.exec('vacuum');
    connection.pragma('wal_checkpoint(TRUNCATE)');
    onProgress(0.8, 'checking the new file');
    const problem = String(connection.pragma('quick_check(1)', { simple: true }));
    if (problem !== 'ok') throw new StorageUnavailable(problem, { trouble: 'DAMAGED' });
    return { before, after: statSync(file).size, notes: [] };
  } finally {
    connection.close();
  }
}

/** Opens the file for this connection alone. */
function openAlone(file: string): Connection {
  let connection: Connection | null = null;
  try {
    connection = new Sqlite(file, { timeout: 0, fileMustExist: true });
    connection.pragma('locking_mode = EXCLUSIVE');
    connection.pragma('synchronous = FULL');
    connection.exec('begin immediate; commit');
    return connection;
  } catch (error) {
    connection?.close();
    if (!/^SQLITE_(?:BUSY|LOCKED)/.test(codeOf(error) ?? '')) throw error;
    throw new TelltaleError(
      'CONFLICT',
      `A server, or another program, uses ${file}: stop it first. SQLite reuses free pages, so the ` +
        'file of a running server does not grow while there is space that retention has freed. ' +
        'Nothing was changed.',
    );
  }
}

/**
 * The new content is written to a temporary file, and from there to the log beside the database.
 */
function expectRoom(file: string, used: number): void {
  const needed = new Map<number, { readonly folder: string; bytes: number }>();
  for (const folder of [dirname(file), temporaryFolder()]) {
    const { dev } = statSync(folder);
    const device = needed.get(dev) ?? { folder, bytes: 0 };
    needed.set(dev, { ...device, bytes: device.bytes + used });
  }
  for (const { folder, bytes } of needed.values()) {
    const room = readRoom(statfsSync(folder));
    if (room === null || room.freeBytes >= bytes) continue;
    throw new TelltaleError(
      'CONFLICT',
      `${folder} has ${inMb(room.freeBytes)} free, and compacting temporarily needs ${inMb(bytes)} ` +
        'there. Free some space, or set SQLITE_TMPDIR to a folder on another disk. Nothing was ' +
        'changed.',
    );
  }
}

const inMb = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;
