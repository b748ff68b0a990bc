import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const memory = '/dev/shm';
/** The number of a file system in memory on Linux. */
const TMPFS = 0x01021994;
/** Several times what concurrent test databases take. */
const ENOUGH_BYTES = 4 * 1024 ** 3;

/**
 * The folder for temporary databases: in memory if there is enough of it. PostgreSQL creates 500
 * files per database. On a disk, creating and removing them costs several times the processor time.
 * TMPDIR, if set, names another folder.
 *
 * @returns {string}
 */
export function scratchFolder() {
  return process.env.TMPDIR === undefined && isRoomy(memory) ? memory : tmpdir();
}

/** @param {string} folder */
function isRoomy(folder) {
  try {
    accessSync(folder, constants.W_OK);
    const { type, bavail, bsize } = statfsSync(folder);
    // A container may have less memory than the file system promises.
    return type === TMPFS && Math.min(bavail * bsize, process.availableMemory()) >= ENOUGH_BYTES;
  } catch {
    // The folder does not exist, or this user may not write to it.
    return false;
  }
}
