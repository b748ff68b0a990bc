import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../../core/thrown.ts';
import { UsageError } from '../../import/options.ts';
import type { SessionLog } from './session-log.ts';

/** The current size and time of a session file. */
export interface SessionFile {
  readonly path: string;
  readonly size: number;
  readonly changedAt: number;
}

/**
 * The size of a part that identifies the beginning of a file, and of one that identifies its
 * content up to a position.
 */
const MARK_BYTES = 1024;

/**
 * The session files, in the order in which they last changed. Folders that do not exist are
 * skipped: not every user has all of them.
 *
 * @throws UsageError for a folder that this user may not read
 */
export async function findSessionFiles<State>(
  { isSession }: SessionLog<State>,
  folders: readonly string[],
): Promise<readonly SessionFile[]> {
  const found: SessionFile[] = [];
  for (const folder of folders) {
    for (const path of await list(folder)) {
      if (!isSession(path)) continue;
      const file = await statFile(join(folder, path));
      if (file !== null) found.push(file);
    }
  }
  return found.sort((one, other) => one.changedAt - other.changedAt);
}

async function list(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder, { recursive: true });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    if (code === 'EACCES' || code === 'EPERM') throw new UsageError(`${folder} cannot be read (${code}).`);
    throw error;
  }
}

/** Null if it is not a file, or was removed meanwhile. */
async function statFile(path: string): Promise<SessionFile | null> {
  try {
    const found = await stat(path);
    return found.isFile() ? { path, size: found.size, changedAt: found.mtimeMs } : null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Shows whether a file still begins with what was read: a hash of its first bytes and of the last
 * ones before the position.
 */
export async function markOf(path: string, position: number): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(path, 'r');
  try {
    for (const start of [0, Math.max(0, position - MARK_BYTES)]) {
      const length = Math.min(MARK_BYTES, position - start);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
  return hash.digest('hex').slice(0, 16);
}
