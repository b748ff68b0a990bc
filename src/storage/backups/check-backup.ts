import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { TelltaleError } from '../../core/errors.ts';
import { codeOf } from '../../core/thrown.ts';
import { hashFile } from '../files.ts';
import { migrationsFolder, readMigrations } from '../migrator/files.ts';
import type { Backup, Contents } from './backup.ts';
import type { Backups } from './backups.ts';
import { DamagedBackup } from './errors.ts';
import type { BackupFormat } from './format.ts';
import { readBackup } from './list-backups.ts';
import { timeOfName } from './names.ts';

/** A backup that was read completely. */
export interface CheckedBackup extends Backup {
  readonly contents: Contents;
  readonly sha256: string;
}

/**
 * Finds a backup by its path or name, or the newest from before an instant (epoch milliseconds).
 *
 * @throws TelltaleError NOT_FOUND that lists the existing ones
 */
export async function findBackup(
  backups: Pick<Backups, 'list' | 'folders' | 'format'>,
  wanted: { readonly file: string } | { readonly before: number },
): Promise<Backup> {
  const all = await backups.list();
  const found =
    'file' in wanted
      ? (all.find(({ name }) => name === wanted.file) ?? (await readFile(wanted.file, backups.format)))
      : all.find(({ createdAt, state }) => createdAt <= wanted.before && state !== 'DAMAGED');
  if (found !== null && found !== undefined) return found;
  const what = 'file' in wanted ? `no backup ${wanted.file}` : 'no backup from before that time';
  const names = all.map(({ name }) => name).join(', ') || 'none';
  throw new TelltaleError(
    'NOT_FOUND',
    `There is ${what}. In ${backups.folders.join(' and ')} there are: ${names}.`,
  );
}

async function readFile(path: string, { name }: BackupFormat): Promise<Backup | null> {
  try {
    const { mtimeMs } = await stat(path);
    const file = await readBackup(path, timeOfName(basename(path), name) ?? Math.floor(mtimeMs));
    const createdAt = file?.manifest ? Date.parse(file.manifest.createdAt) : null;
    return file && { ...file, createdAt: createdAt ?? file.createdAt };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Reads a backup completely and compares it with its manifest. Without a manifest, the indexes are
 * compared with their tables as well.
 *
 * @throws DamagedBackup
 */
export async function checkBackup(
  format: Pick<BackupFormat, 'inspect' | 'dialect'>,
  backup: Backup,
): Promise<CheckedBackup> {
  const { path, manifest } = backup;
  if (manifest !== null && manifest.dialect !== format.dialect)
    throw new DamagedBackup(
      path,
      `it was made from a ${manifest.dialect} database, and this is a ${format.dialect} database.`,
    );
  const { bytes, sha256 } = await hashFile(path);
  if (manifest !== null && (bytes !== manifest.bytes || sha256 !== manifest.sha256))
    throw new DamagedBackup(
      path,
      `it has ${bytes} bytes with SHA-256 ${sha256}, which does not match its manifest.`,
    );
  const contents = await format.inspect(path, { thorough: manifest === null });
  if (manifest !== null) expectSame(path, contents, manifest);
  return { ...backup, contents, sha256 };
}

/** @throws DamagedBackup if the number of rows or the migrations differ */
export function expectSame(path: string, found: Contents, expected: Contents): void {
  const tables = new Set([...Object.keys(found.rows), ...Object.keys(expected.rows)]);
  for (const table of tables) {
    const [has, had] = [found.rows[table] ?? 0, expected.rows[table] ?? 0];
    if (has !== had) throw new DamagedBackup(path, `${table} has ${has} rows instead of ${had}.`);
  }
  if (found.migrations.toSorted().join() === expected.migrations.toSorted().join()) return;
  throw new DamagedBackup(path, 'its migrations differ from those in its manifest.');
}

/** @throws TelltaleError CONFLICT if the backup is not of Telltale, or is of a newer version */
export async function expectKnownVersion(
  { path, contents }: CheckedBackup,
  format: BackupFormat,
): Promise<void> {
  const known = new Set((await readMigrations(migrationsFolder(format.dialect))).map(({ name }) => name));
  if (contents.migrations.length === 0)
    throw new DamagedBackup(path, 'it was not made from a Telltale database.');
  const unknown = contents.migrations.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new TelltaleError(
    'CONFLICT',
    `The backup ${path} is newer than this version: it has migration ${unknown}. Restore it with the version that made it.`,
  );
}
