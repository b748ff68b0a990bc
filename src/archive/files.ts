import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { codeOf } from '../core/thrown.ts';
import { isAlive, makePrivateFolder } from '../storage/files.ts';

/** `2026-11-20.parquet`; rows of the day that expire later are in `2026-11-20.2.parquet`. */
const FILE = /^(?<day>\d{4}-\d\d-\d\d)(?:\.(?<part>\d+))?\.parquet$/;
/**
 * A file that is being written, or a folder for what does not fit into memory. Its name has the id
 * of the process.
 */
const PARTIAL = /^(?:.*\.parquet|memory)\.(?<pid>\d+)\.partial$/;

/** Any text, encoded so that it cannot act as a path. */
const safe = (name: string): string => encodeURIComponent(name).replaceAll('.', '%2E');

/** Where DuckDB spills data that does not fit into its memory. */
export const spillFolderIn = (folder: string): string => join(folder, `memory.${process.pid}.partial`);

/** The folder of the rows of a dataset of a project. */
export const folderOf = (archive: string, dataset: string, projectId: string): string =>
  join(archive, safe(dataset), safe(projectId));

/**
 * The file for more rows of a day. It comes after the last of the day's files, some of which may
 * have been taken away.
 */
export function nextFile(folder: string, day: string, parts: readonly string[]): string {
  const numbers = parts.map((path) => Number(FILE.exec(basename(path))?.groups?.['part'] ?? 1));
  const part = Math.max(0, ...numbers) + 1;
  return join(folder, part === 1 ? `${day}.parquet` : `${day}.${part}.parquet`);
}

/** Makes the folder, and removes what killed processes left in it. */
export async function prepareFolder(folder: string): Promise<void> {
  await makePrivateFolder(folder);
  for (const name of await readdir(folder)) {
    const pid = PARTIAL.exec(name)?.groups?.['pid'];
    if (pid !== undefined && (Number(pid) === process.pid || !isAlive(Number(pid))))
      await rm(join(folder, name), { recursive: true, force: true });
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
