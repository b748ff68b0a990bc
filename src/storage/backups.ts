import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { defined } from '../core/defined.ts';
import { TelltaleError } from '../core/errors.ts';
import { codeOf, messageOf } from '../core/thrown.ts';
import { asUnavailable } from './dialect/unavailable.ts';
import { StorageUnavailable } from './errors.ts';

/** A file with a copy of the whole database. */
export interface Backup {
  readonly name: string;
  readonly path: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly bytes: number;
}

/** A full disk or missing permissions last until the operator acts. */
const RETRY_AFTER_MS = 30_000;

/** The folder of the backups cannot be used. The database itself may be healthy. */
export class BackupFailed extends TelltaleError {
  override readonly name = 'BackupFailed';

  constructor(what: string, file: string, must: string, cause: unknown) {
    const reason = messageOf(cause);
    const folder = `${folderOf(file)}, beside the file of DATABASE_URL,`;
    super('OVERLOADED', `${what}: ${folder} must be a folder that the server can ${must} (${reason}).`, {
      retryAfterMs: RETRY_AFTER_MS,
    });
    this.cause = cause;
  }
}

const folderOf = (file: string): string => join(dirname(resolve(file)), 'backups');

/**
 * Makes the backup `backups/<file>.<time>.backup` beside a database file. The file gets that name
 * only when it is complete and on the disk, so that a crash leaves no incomplete backup.
 *
 * @param now epoch milliseconds
 * @param copy writes a consistent copy to a path where no file exists
 * @returns the path of the backup
 * @throws BackupFailed if the folder cannot be written
 */
export async function writeBackup(
  file: string,
  now: number,
  copy: (path: string) => Promise<unknown>,
): Promise<string> {
  try {
    return await write(file, now, copy);
  } catch (error) {
    // The database is damaged, locked or unavailable: the folder is not the cause.
    const trouble = asUnavailable(error)?.trouble;
    if (error instanceof StorageUnavailable || trouble === 'DAMAGED' || trouble === 'BUSY') throw error;
    throw new BackupFailed('No backup was made', file, 'write, with room for a copy of the database', error);
  }
}

async function write(file: string, now: number, copy: (path: string) => Promise<unknown>): Promise<string> {
  await mkdir(folderOf(file), { recursive: true });
  const time = new Date(now).toISOString().replaceAll(':', '-');
  const path = join(folderOf(file), `${basename(file)}.${time}.backup`);
  await removePartialBackups(file);
  const partial = `${path}.${process.pid}.partial`;
  try {
    await copy(partial);
    // SQLite does not flush its copy to the disk.
    await sync(partial);
    await rename(partial, path);
    await syncFolder(folderOf(file));
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return path;
}

/**
 * Removes incomplete backups of a database file that killed processes left. Keeps the file of
 * another process that is still running, because that backup is being made. Removes a file with the
 * id of this process as well: this process makes one backup at a time, so the file is from an
 * earlier process with the same id. In a container, the first process always has the same id.
 */
export async function removePartialBackups(file: string): Promise<void> {
  for (const name of await namesIn(folderOf(file))) {
    const match = /^(.*\.backup)(?:\.(\d+))?\.partial$/.exec(name);
    if (match === null || timeOf(defined(match[1]), basename(file)) === null) continue;
    const pid = Number(match[2] ?? 0);
    if (pid === 0 || pid === process.pid || !isAlive(pid))
      await rm(join(folderOf(file), name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user exists, but takes no signals from this one.
    return codeOf(error) === 'EPERM';
  }
}

/** Flushes a file to the disk. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Flushes the names in a folder to the disk. Windows cannot open folders, and flushes them itself.
 */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * The backups beside a database file, the newest first.
 *
 * @throws BackupFailed if the folder cannot be read
 */
export async function listBackups(file: string): Promise<Backup[]> {
  try {
    return await list(file);
  } catch (error) {
    throw new BackupFailed('The backups cannot be listed', file, 'read', error);
  }
}

async function list(file: string): Promise<Backup[]> {
  const backups: Backup[] = [];
  for (const name of await namesIn(folderOf(file))) {
    const createdAt = timeOf(name, basename(file));
    if (createdAt === null) continue;
    const path = join(folderOf(file), name);
    backups.push({ name, path, createdAt, bytes: (await stat(path)).size });
  }
  return backups.sort((one, other) => other.createdAt - one.createdAt);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** The time in the name of a backup of that file; null for any other file. */
function timeOf(name: string, file: string): number | null {
  if (!name.startsWith(`${file}.`) || !name.endsWith('.backup')) return null;
  const time = name.slice(file.length + 1, -'.backup'.length);
  const match = /^(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d\.\d{3}Z)$/.exec(time);
  const instant = match === null ? Number.NaN : Date.parse(`${match[1]}:${match[2]}:${match[3]}`);
  return Number.isNaN(instant) ? null : instant;
}
