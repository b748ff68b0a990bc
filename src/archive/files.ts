import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../core/thrown.ts';

/** `2026-11-20.parquet`; rows of the day that expire later are in `2026-11-20.2.parquet`. */
const FILE = /^(?<day>\d{4}-\d\d-\d\d)(?:\.(?<part>\d+))?\.parquet$/;
/** A file that is being written, by the process of this id. */
const PARTIAL = /\.parquet\.(?<pid>\d+)\.partial$/;

/** Text that is no path, whatever it is. */
const safe = (name: string): string => encodeURIComponent(name).replaceAll('.', '%2E');

/** The folder of the rows of a dataset of a project. */
export const folderOf = (archive: string, dataset: string, projectId: string): string =>
  join(archive, safe(dataset), safe(projectId));

export const fileOf = (folder: string, day: string, part: number): string =>
  join(folder, part === 1 ? `${day}.parquet` : `${day}.${part}.parquet`);

/** Makes the folder, and removes what killed processes left in it. */
export async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const pid = PARTIAL.exec(name)?.groups?.['pid'];
    if (pid !== undefined && (Number(pid) === process.pid || !isAlive(Number(pid))))
      await rm(join(folder, name), { force: true });
  }
}

/** The complete files of a day. */
export async function partsOf(folder: string, day: string): Promise<readonly string[]> {
  return filesOf(folder, (other) => other === day);
}

/** The complete files of days in UTC, by `isWanted`; none if there is no folder. */
export async function filesOf(folder: string, isWanted: (day: string) => boolean): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const isFile = (name: string) => isWanted(FILE.exec(name)?.groups?.['day'] ?? '');
  return names.filter(isFile).map((name) => join(folder, name));
}

export async function flush(path: string, flags: 'r' | 'r+'): Promise<void> {
  // Windows cannot open folders, and flushes their names itself.
  if (flags === 'r' && process.platform === 'win32') return;
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
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
