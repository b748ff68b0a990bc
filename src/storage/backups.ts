import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { TelltaleError } from '../core/errors.ts';
import { asUnavailable } from './dialect/unavailable.ts';
import { StorageUnavailable } from './errors.ts';

/** A copy of the whole database in a file. */
export interface Backup {
  readonly name: string;
  readonly path: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly bytes: number;
}

/** A full disk and a folder of somebody else wait for the operator. */
const RETRY_AFTER_MS = 30_000;

/** The folder of the backups is not as it must be; the database itself may be well. */
export class BackupFailed extends TelltaleError {
  override readonly name = 'BackupFailed';

  constructor(what: string, file: string, must: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const folder = `${folderOf(file)}, beside the file of DATABASE_URL,`;
    super('OVERLOADED', `${what}: ${folder} must be a folder that the server can ${must} (${reason}).`, {
      retryAfterMs: RETRY_AFTER_MS,
    });
    this.cause = cause;
  }
}

const folderOf = (file: string): string => join(dirname(resolve(file)), 'backups');

/**
 * Makes the backup `backups/<file>.<time>.backup` beside a database file. It has that name only
 * when it is complete and on the disk, whatever happens to the machine.
 *
 * @param now epoch milliseconds
 * @param copy writes a consistent copy to a path at which there is nothing
 * @returns its path
 * @throws BackupFailed when the folder does not take it
 */
export async function writeBackup(
  file: string,
  now: number,
  copy: (path: string) => Promise<unknown>,
): Promise<string> {
  try {
    return await write(file, now, copy);
  } catch (error) {
    // The database is what cannot be read, or somebody keeps it: the folder is not to blame.
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
    // SQLite does not wait until its copy is on the disk.
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
 * Removes what killed processes left of the backups of a database file that they were making. That
 * of a process that lives is being made; one with this process's own number is of an earlier
 * process that had it, as the first of a container always has, because here backups are made one
 * after another.
 */
export async function removePartialBackups(file: string): Promise<void> {
  for (const name of await namesIn(folderOf(file))) {
    const match = /^(.*\.backup)(?:\.(\d+))?\.partial$/.exec(name);
    if (match === null || timeOf(match[1] as string, basename(file)) === null) continue;
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
    // A process of somebody else lives, but takes no signals from here.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Waits until what was written to a file is on the disk. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Waits until the names in a folder are on the disk. Windows opens no folders and does so by
 * itself.
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
 * The backups beside a database file, the newest first. @throws BackupFailed when the folder cannot
 * be read
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
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
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
