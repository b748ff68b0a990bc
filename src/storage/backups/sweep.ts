import { rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { defined } from '../../core/defined.ts';
import { codeOf } from '../../core/thrown.ts';
import { DAY_MS } from '../../core/time/units.ts';
import { isAlive, namesIn } from '../files.ts';
import { timeOfName } from './names.ts';

/**
 * A part of a backup: the copy itself, its manifest or its configuration, complete or not. The name
 * of an incomplete part contains the process that makes it, and the machine; older versions did not
 * name the machine. SQLite has a journal while it writes a copy.
 */
const PART =
  /^(.*\.backup)(?:\.(?:json|config))?(?:\.(?:(?<host>[\w-]+)@)?(?<pid>\d+))?(?<partial>\.partial(?:-journal)?)?$/;

/** Servers on several machines, or in several containers, may share a folder for backups. */
const HOST = hostname().replaceAll(/[^\w-]/g, '-');
/**
 * The age at which a file from another machine counts as abandoned: that machine cannot be asked
 * whether the process still runs. Copying and checking take less time.
 */
const GIVEN_UP_AFTER_MS = DAY_MS;

/** The name of a file while it is being written. */
export const partialOf = (path: string): string => `${path}.${HOST}@${process.pid}.partial`;

/**
 * Removes what killed processes left of backups of a database: incomplete files, and a manifest or
 * a configuration without its backup. Keeps the files of another process that is still running,
 * because it is making that backup, and those of another machine that were written within a day.
 * Also removes files with the id of this process: it makes one backup at a time, so they are from
 * an earlier process with the same id. In a container, the first process always has the same id.
 */
export async function removePartialBackups(folder: string, database: string): Promise<void> {
  const names = await namesIn(folder);
  const parts = names.map((name) => partOf(name, database)).filter((part) => part !== null);
  const kept = new Set<string>();
  const left: Part[] = [];
  for (const part of parts) {
    const isMade = part.maker !== null && (await isWorking(part.maker, join(folder, part.name)));
    if (isMade || part.name === part.backup) kept.add(part.backup);
    else left.push(part);
  }
  for (const { name, backup, maker } of left) {
    if (maker !== null || !kept.has(backup)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

interface Part {
  readonly name: string;
  /** The name of the backup to which the file belongs. */
  readonly backup: string;
  /** Null for a complete file. The process is 0 if an old version did not name it. */
  readonly maker: { readonly host: string; readonly pid: number } | null;
}

function partOf(name: string, database: string): Part | null {
  const match = PART.exec(name);
  const backup = match?.[1];
  if (match === null || backup === undefined || timeOfName(backup, database) === null) return null;
  const { host = HOST, pid = '0', partial } = defined(match.groups);
  return { name, backup, maker: partial === undefined ? null : { host, pid: Number(pid) } };
}

async function isWorking({ host, pid }: NonNullable<Part['maker']>, path: string): Promise<boolean> {
  if (host === HOST) return pid !== 0 && pid !== process.pid && isAlive(pid);
  try {
    return Date.now() - (await stat(path)).mtimeMs < GIVEN_UP_AFTER_MS;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
