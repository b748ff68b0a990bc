import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const memory = '/dev/shm';
/** Of a file system in memory, as Linux numbers them. */
const TMPFS = 0x01021994;
/** Several times what the databases take that tests have at once. */
const ENOUGH_BYTES = 4 * 1024 ** 3;

/**
 * The folder for databases that are thrown away: in memory if there is enough of it. PostgreSQL
 * makes 500 files for a database; to make and remove them costs several times the processor time
 * on a disk. TMPDIR, if it is set, names another folder.
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
    // A container may be given less memory than the file system promises.
    return type === TMPFS && Math.min(bavail * bsize, process.availableMemory()) >= ENOUGH_BYTES;
  } catch {
    // There is no such folder, or this user may not write to it.
    return false;
  }
}
