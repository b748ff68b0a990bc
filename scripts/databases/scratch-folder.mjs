import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const memory = '/dev/shm';
/** Of a file system in memory, as Linux numbers them. */
const TMPFS = 0x01021994;
/** All databases that tests have at once were seen to take less than a tenth of it. */
const ENOUGH_BYTES = 4 * 1024 ** 3;

/**
 * Where databases go that are thrown away: into memory where there is enough of it. PostgreSQL
 * makes a database of 500 files: to make and remove them takes 20 ms of a processor in memory, and
 * 70 to 340 ms on a disk. TMPDIR, where it is set, says another place.
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
    return false;
  }
}
