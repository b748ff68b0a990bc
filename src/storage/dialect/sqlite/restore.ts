import { statSync } from 'node:fs';
import { chmod, chown, copyFile, link, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TelltaleError } from '../../../core/errors.ts';
import { codeOf } from '../../../core/thrown.ts';
import type { Contents } from '../../backups/backup.ts';
import type { CountedTable, RestoreTarget } from '../../backups/format.ts';
import { stampOf } from '../../backups/names.ts';
import { hashFile, isAlive, namesIn, PRIVATE_FILE, sync, syncFolder } from '../../files.ts';
import { type Connection, Sqlite } from './driver.ts';

/** Replaces a database file by a backup. */
export function createRestoreTarget(
  file: string,
  inspect: (path: string) => Promise<Contents>,
): RestoreTarget {
  return {
    async expectUnused() {
      const lock = takeLock(file);
      lock?.close();
    },
    rowsSince: async (tables, instant) => rowsSince(file, tables, instant),

    async replaceBy(path, { now, check }) {
      await removeLeft(file);
      const coming = `${file}.${process.pid}.restoring`;
      try {
        await copyFile(path, coming);
        await takePermissions(coming, file);
        await sync(coming);
        const { sha256 } = await hashFile(coming);
        check(await inspect(coming), sha256);
        return await swap(file, coming, `${file}.${stampOf(now)}.replaced`);
      } finally {
        await rm(coming, { force: true });
      }
    },
  };
}

/**
 * Lets the server use the new file as it used the former one, because another user may run the
 * restore.
 */
async function takePermissions(coming: string, former: string): Promise<void> {
  const found = statSync(former, { throwIfNoEntry: false });
  await chmod(coming, found === undefined ? PRIVATE_FILE : found.mode & 0o777);
  if (found !== undefined && process.getuid?.() === 0) await chown(coming, found.uid, found.gid);
}

/**
 * At any moment, the name of the database belongs to a whole file, the former or the new one. The
 * former one first gets a second name, then the new one takes over the first.
 */
async function swap(file: string, coming: string, kept: string): Promise<string | null> {
  const lock = takeLock(file);
  try {
    const isKept = await linkTo(file, kept);
    // If the log could not be copied back because the file is damaged, it moves along.
    if (await linkTo(`${file}-wal`, `${kept}-wal`)) await rm(`${file}-wal`);
    await rm(`${file}-shm`, { force: true });
    await rename(coming, file);
    await syncFolder(dirname(file));
    return isKept ? kept : null;
  } finally {
    lock?.close();
  }
}

/** Gives a file a second name. A file system without hard links gets a copy. */
async function linkTo(file: string, other: string): Promise<boolean> {
  try {
    await link(file, other);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'].includes(codeOf(error) ?? '')) throw error;
    await copyFile(file, other);
    await sync(other);
    return true;
  }
}

/**
 * Locks the file against every other process, and copies its log back into it. Null if there is no
 * file, or if it is no longer a database: then nothing can show whether a server uses it.
 *
 * @throws TelltaleError CONFLICT if another connection is open
 */
function takeLock(file: string): Connection | null {
  let connection: Connection | null = null;
  try {
    connection = new Sqlite(file, { timeout: 0, fileMustExist: true });
    // This requires that all other connections are closed, and removes the log.
    connection.pragma('journal_mode = DELETE');
    connection.exec('begin exclusive');
    return connection;
  } catch (error) {
    connection?.close();
    const code = codeOf(error) ?? '';
    if (/^SQLITE_(?:CANTOPEN|NOTADB|CORRUPT)/.test(code)) return null;
    if (!/^SQLITE_(?:BUSY|LOCKED)/.test(code)) throw error;
    throw new TelltaleError(
      'CONFLICT',
      `A server, or another program, uses ${file}: stop it first. Nothing was changed.`,
    );
  }
}

function rowsSince(
  file: string,
  tables: readonly CountedTable[],
  instant: number,
): Record<string, number> | null {
  let connection: Connection | null = null;
  try {
    connection = new Sqlite(file, { fileMustExist: true });
    const rows: Record<string, number> = {};
    const isTable = connection.prepare("select 1 from sqlite_schema where type = 'table' and name = ?");
    for (const { name, table, storedAt } of tables) {
      rows[name] = 0;
      if (isTable.get(table) === undefined) continue;
      const count = connection.prepare<[number], { rows: number }>(
        `select count(*) as rows from "${table}" where "${storedAt}" > cast(? as integer)`,
      );
      rows[name] = count.get(instant)?.rows ?? 0;
    }
    return rows;
  } catch (error) {
    if (codeOf(error)?.startsWith('SQLITE_CANTOPEN')) return null;
    throw error;
  } finally {
    connection?.close();
  }
}

/** Removes the copies that killed processes left behind. */
async function removeLeft(file: string): Promise<void> {
  for (const name of await namesIn(dirname(file))) {
    const pid = /^\.(\d+)\.restoring$/.exec(name.slice(basename(file).length))?.[1];
    if (pid === undefined || !name.startsWith(basename(file)) || isAlive(Number(pid))) continue;
    await rm(join(dirname(file), name), { force: true });
  }
}
