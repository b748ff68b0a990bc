import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { codeOf } from '../../core/thrown.ts';
import { namesIn } from '../files.ts';
import type { Backup, BackupState, Manifest } from './backup.ts';
import { BackupFailed } from './errors.ts';
import type { BackupFormat } from './format.ts';
import { readManifest } from './manifest.ts';
import { timeOfName } from './names.ts';

type Named = Pick<BackupFormat, 'name' | 'database' | 'folder' | 'ownsFolder'>;

/**
 * The backups of a database in these folders, the newest first. Where databases share a folder, a
 * backup belongs to the one that its manifest names.
 *
 * @throws BackupFailed if a folder cannot be read
 */
export async function listBackups(format: Named, folders: readonly string[]): Promise<Backup[]> {
  const backups: Backup[] = [];
  for (const folder of new Set(folders.map((path) => resolve(path)))) {
    try {
      backups.push(...(await listFolder(format, folder)));
    } catch (error) {
      throw new BackupFailed('The backups cannot be listed', 'read', [{ folder, error }]);
    }
  }
  return backups.sort((one, other) => other.createdAt - one.createdAt);
}

async function listFolder(format: Named, folder: string): Promise<Backup[]> {
  const isOwn = format.ownsFolder && folder === resolve(format.folder);
  const backups: Backup[] = [];
  for (const name of await namesIn(folder)) {
    const createdAt = timeOfName(name, format.name);
    if (createdAt === null) continue;
    const backup = await readBackup(join(folder, name), createdAt);
    const isOurs = isOwn || backup?.manifest?.database === format.database;
    if (backup !== null && isOurs) backups.push(backup);
  }
  return backups;
}

/** What is known of a file without reading it. Null if it no longer exists. */
export async function readBackup(path: string, createdAt: number): Promise<Backup | null> {
  try {
    const { size: bytes } = await stat(path);
    const manifest = await readManifest(path);
    const name = basename(path);
    return { name, path, createdAt, bytes, state: stateOf(bytes, manifest), manifest };
  } catch (error) {
    // It was pruned after the folder was read.
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function stateOf(bytes: number, manifest: Manifest | null): BackupState {
  if (manifest === null) return 'UNKNOWN';
  return manifest.bytes === bytes ? 'VERIFIED' : 'DAMAGED';
}
