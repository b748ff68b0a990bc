import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../../core/thrown.ts';
import { UsageError } from '../import/options.ts';

/** Errors of a path that cannot be written. */
const NOT_WRITABLE: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is a file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
};

/**
 * Writes a file that is either whole or absent. `write` fills a file beside it, which gets the name
 * once it is on disk. After a kill, `FILE.partial` remains, and the next export to FILE replaces
 * it.
 *
 * @param what the flag that names the file, or what the file holds
 * @throws UsageError if the file cannot be written
 */
export async function writeWhole<Result>(
  file: string,
  write: (partial: string) => Promise<Result>,
  what = '--output',
): Promise<Result> {
  const partial = `${file}.partial`;
  try {
    const result = await write(partial);
    await flush(partial);
    await rename(partial, file);
    await flush(dirname(file));
    return result;
  } catch (error) {
    const code = codeOf(error) ?? '';
    // If the folder is a file, there is nothing to remove, and trying to would fail.
    if (code !== 'ENOTDIR') await rm(partial, { force: true });
    const why = NOT_WRITABLE[code];
    throw why === undefined ? error : new UsageError(`${what}: ${file} cannot be written: ${why}.`);
  }
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
