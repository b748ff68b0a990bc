import { existsSync } from 'node:fs';
import { isOpenHere } from './copy-keeper.ts';
import { isLocked, removeCopy } from './copy-path.ts';

/**
 * Removes the file of a copy, unless a server has it open: that server keeps the copy up to date.
 *
 * @returns whether the file no longer exists
 */
export async function removeUnusedCopy(file: string): Promise<boolean> {
  if (existsSync(file) && (isOpenHere(file) || (await isOpenElsewhere(file)))) return false;
  removeCopy(file);
  return true;
}

/** Only DuckDB can see its lock. A file that it cannot read is of no use to anybody. */
async function isOpenElsewhere(file: string): Promise<boolean> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  try {
    const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
    instance.closeSync();
    return false;
  } catch (error) {
    return isLocked(error);
  }
}
