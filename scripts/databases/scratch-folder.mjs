import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const memory = '/dev/shm';
/** The number by which Linux identifies a file system in memory. */
const TMPFS = 0x01021994;
/** Several times what the databases of concurrent tests take. */
const ENOUGH_BYTES = 4 * 1024 ** 3;

/**
 * The folder for throwaway databases: in memory if there is enough. PostgreSQL makes 500 files per
 * database; on a disk, making and removing them costs several times the processor time. TMPDIR, if
 * it is set, names another folder.
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
    // There is no such folder, or this user may not write to it.
    return false;
  }
}
