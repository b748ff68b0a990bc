import { chmod, copyFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '../../core/thrown.ts';
import { asUnavailable } from '../dialect/unavailable.ts';
import { StorageUnavailable } from '../errors.ts';
import { hashFile, makePrivateFile, makePrivateFolder, PRIVATE_FILE, sync, syncFolder } from '../files.ts';
import { packageVersion } from '../package-folder.ts';
import type { BackupReason, ConfigurationFile, Manifest } from './backup.ts';
import { BackupFailed, BackupToolMissing, DamagedBackup, type TriedFolder } from './errors.ts';
import type { BackupFormat } from './format.ts';
import { configurationOf, manifestOf } from './manifest.ts';
import { backupName } from './names.ts';
import { partialOf, removePartialBackups } from './sweep.ts';

export interface BackupRequest {
  readonly reason: BackupReason;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly configuration: readonly ConfigurationFile[];
  /** Called before each part of the work, with the path of the incomplete copy. */
  readonly onPhase: (phase: 'COPYING' | 'CHECKING', path: string) => void;
  /** Ends the backup, which then leaves nothing behind. */
  readonly signal?: AbortSignal;
}

/**
 * Makes a backup in the first of these folders that can be written to. It gets its name only once
 * it is complete, checked and on disk, so that a crash leaves no incomplete backup.
 *
 * @param onRefused called with the reason when another folder must be used
 * @returns the path of the backup
 * @throws BackupFailed if none of the folders can be written to, the reason of the signal
 */
export async function writeBackup(
  format: BackupFormat,
  folders: readonly string[],
  request: BackupRequest,
  onRefused: (folder: string, error: unknown) => void,
): Promise<string> {
  const tried: TriedFolder[] = [];
  for (const folder of folders) {
    try {
      return await write(format, folder, request);
    } catch (error) {
      request.signal?.throwIfAborted();
      if (!isOfFolder(error)) throw error;
      tried.push({ folder, error });
      if (tried.length < folders.length) onRefused(folder, error);
    }
  }
  throw new BackupFailed('No backup was made', 'write, with room for a copy of the database', tried);
}

/**
 * Whether another folder may help. It does not if the database is damaged, locked or unavailable.
 */
function isOfFolder(error: unknown): boolean {
  if (error instanceof BackupToolMissing || error instanceof DamagedBackup) return false;
  const trouble = asUnavailable(error)?.trouble;
  return !(error instanceof StorageUnavailable || trouble === 'DAMAGED' || trouble === 'BUSY');
}

async function write(format: BackupFormat, folder: string, request: BackupRequest): Promise<string> {
  const { reason, configuration, onPhase, signal } = request;
  await makePrivateFolder(folder);
  await removePartialBackups(folder, format.name);
  const { path, instant } = await freePath(folder, format.name, request.now);
  const partial = partialOf(path);
  try {
    onPhase('COPYING', partial);
    await makePrivateFile(partial);
    await format.copyTo(partial, signal);
    // SQLite does not flush its copy to disk.
    await sync(partial);
    onPhase('CHECKING', partial);
    const contents = await format.inspect(partial, { thorough: false, ...(signal && { signal }) });
    const written = await hashFile(partial, signal);
    const copied = await copyConfiguration(path, configuration);
    await writeManifest(path, {
      ...{ manifest: 1, telltale: packageVersion(), dialect: format.dialect, database: format.database },
      ...{ createdAt: new Date(instant).toISOString(), reason },
      ...{ ...contents, ...written, configuration: copied },
    });
    await rename(partial, path);
    await syncFolder(folder);
  } catch (error) {
    for (const left of [
      partial,
      `${partial}-journal`,
      manifestOf(path),
      configurationOf(path),
      partialOf(manifestOf(path)),
    ])
      await rm(left, { recursive: true, force: true });
    throw error;
  }
  return path;
}

/**
 * An unused name: two backups may be made in one millisecond, or the clock may have been set back.
 */
async function freePath(folder: string, database: string, now: number) {
  for (let instant = now; ; instant++) {
    const path = join(folder, backupName(database, instant));
    if (!(await exists(path))) return { path, instant };
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

async function writeManifest(backup: string, manifest: Manifest): Promise<void> {
  const partial = partialOf(manifestOf(backup));
  await writeFile(partial, `${JSON.stringify(manifest, null, 2)}\n`, { mode: PRIVATE_FILE });
  await sync(partial);
  await rename(partial, manifestOf(backup));
}

/** @returns the names of the files that existed */
async function copyConfiguration(backup: string, files: readonly ConfigurationFile[]): Promise<string[]> {
  const copied: string[] = [];
  for (const { name, path } of files) {
    if (!(await exists(path))) continue;
    const target = join(configurationOf(backup), name);
    await makePrivateFolder(dirname(target));
    await copyFile(path, target);
    await chmod(target, PRIVATE_FILE);
    await sync(target);
    copied.push(name);
  }
  return copied;
}
