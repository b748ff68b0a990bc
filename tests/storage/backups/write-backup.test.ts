import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureMessage } from '../../../src/commands/failures.ts';
import { BackupFailed, BackupToolMissing } from '../../../src/storage/backups/errors.ts';
import type { BackupFormat } from '../../../src/storage/backups/format.ts';
import { removePartialBackups } from '../../../src/storage/backups/sweep.ts';
import { writeBackup } from '../../../src/storage/backups/write-backup.ts';
import { StorageUnavailable } from '../../../src/storage/errors.ts';

const coded = (code: string): Error => Object.assign(new Error(`said ${code}`), { code });

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telltale-backups-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** Backups of a database whose copies contain a text. */
function formatOf(copyTo: BackupFormat['copyTo'] = (path) => writeFile(path, 'whole')): BackupFormat {
  const database = { dialect: 'sqlite', name: 'telltale.db', database: '/data/telltale.db' } as const;
  const inspect = async () => ({ migrations: ['0001_first'], rows: { a: 1 } });
  return { ...database, folder, ownsFolder: true, copyTo, inspect } as Partial<BackupFormat> as BackupFormat;
}

const write = (
  format: BackupFormat,
  folders = ['first', 'second'],
  refused: string[] = [],
  signal?: AbortSignal,
) =>
  writeBackup(
    format,
    folders.map((name) => join(folder, name)),
    {
      reason: 'COMMAND',
      now: 0,
      configuration: [{ name: 'prices.json', path: join(folder, 'mine.json') }],
      onPhase: () => {},
      ...(signal && { signal }),
    },
    (name) => refused.push(name),
  );

describe('writeBackup', () => {
  it('writes the manifest and the configuration before the backup has its name', async () => {
    await writeFile(join(folder, 'mine.json'), '{}');
    const path = await write(formatOf());
    expect(path).toBe(join(folder, 'first', 'telltale.db.19700101_000000_000.backup'));
    expect((await readdir(join(folder, 'first'), { recursive: true })).sort()).toEqual([
      'telltale.db.19700101_000000_000.backup',
      'telltale.db.19700101_000000_000.backup.config',
      'telltale.db.19700101_000000_000.backup.config/prices.json',
      'telltale.db.19700101_000000_000.backup.json',
    ]);
    expect(JSON.parse(await readFile(`${path}.json`, 'utf8'))).toEqual({
      ...{ manifest: 1, telltale: expect.stringMatching(/^\d+\.\d+/), dialect: 'sqlite' },
      ...{ database: '/data/telltale.db', createdAt: '1970-01-01T00:00:00.000Z', reason: 'COMMAND' },
      ...{ migrations: ['0001_first'], rows: { a: 1 }, bytes: 5, configuration: ['prices.json'] },
      sha256: hash('sha256', 'whole'),
    });
    // A second backup in the same millisecond gets another name.
    expect(await write(formatOf())).toMatch(/19700101_000000_001\.backup$/);
  });

  it.each(['SQLITE_FULL', 'SQLITE_CANTOPEN', 'SQLITE_IOERR_WRITE', 'ENOSPC', 'EACCES', 'EROFS'])(
    'uses the next folder for %s, and names all if none can be used',
    async (code) => {
      const refusing = (...names: string[]) =>
        formatOf(async (path) => {
          await writeFile(path, 'half');
          if (names.some((name) => path.includes(name))) throw coded(code);
        });
      const refused: string[] = [];
      expect(await write(refusing('first'), undefined, refused)).toMatch(/second/);
      expect(refused).toEqual([join(folder, 'first')]);
      expect(await readdir(join(folder, 'first'))).toEqual([]);

      const error = await write(refusing('first', 'second')).catch((reason) => reason);
      expect(error).toBeInstanceOf(BackupFailed);
      expect(failureMessage(error)).toBe(
        'No backup was made: one of these must be a folder that the server can write, with room for a copy of the database: ' +
          `${join(folder, 'first')} (said ${code}), ${join(folder, 'second')} (said ${code}). BACKUP_DIR names another folder.`,
      );
    },
  );

  it.each([
    coded('SQLITE_CORRUPT'),
    coded('SQLITE_BUSY'),
    new StorageUnavailable('The thread is gone'),
    new BackupToolMissing('There is no pg_dump'),
  ])("passes on errors that are not the folder's fault: %s", async (error) => {
    expect(await write(formatOf(() => Promise.reject(error))).catch((reason) => reason)).toBe(error);
  });
});

describe('writeBackup when it is stopped', () => {
  it.each(['copyTo', 'inspect'] as const)(
    'in %s ends, tries no other folder and leaves nothing',
    async (step) => {
      const stopping = new AbortController();
      const stop = async () => {
        stopping.abort(new Error('the server stops'));
        throw coded('EIO');
      };
      const refused: string[] = [];
      const made = write({ ...formatOf(), [step]: stop }, undefined, refused, stopping.signal);
      await expect(made).rejects.toThrow('the server stops');
      expect(refused).toEqual([]);
      expect(await readdir(folder, { recursive: true })).toEqual(['first']);
    },
  );
});

describe('removePartialBackups', () => {
  it('removes only what killed processes left', async () => {
    const ended = spawnSync(process.execPath, ['--version']).pid;
    const backup = (second: number) => `telltale.db.20261122_12000${second}_000.backup`;
    const dead = [
      `${backup(0)}.partial`,
      `${backup(1)}.${ended}.partial`,
      `${backup(1)}.${ended}.partial-journal`,
      `${backup(2)}.${process.pid}.partial`,
      `${backup(3)}.json`,
      `${backup(3)}.json.${ended}.partial`,
      `telltale.db.2026-11-22T12-00-00.000Z.backup.${ended}.partial`,
      `${backup(6)}.${hostname()}@${ended}.partial`,
      `${backup(7)}.elsewhere@1.partial`,
    ];
    const kept = [
      backup(4),
      `${backup(4)}.json`,
      `${backup(5)}.${process.ppid}.partial`,
      `${backup(5)}.json`,
      `${backup(6)}.${hostname()}@${process.ppid}.partial`,
      `${backup(8)}.elsewhere@1.partial`,
      `${backup(8)}.json`,
      'notes.txt',
      `other.db.20261122_120000_000.backup.${ended}.partial`,
    ];
    for (const name of [...dead, ...kept]) await writeFile(join(folder, name), '');
    // The process on another machine cannot be checked, but it had a day.
    const now = Date.now() / 1000;
    await utimes(join(folder, `${backup(7)}.elsewhere@1.partial`), now, now - 25 * 3600);
    await mkdir(join(folder, `${backup(3)}.config`));
    await mkdir(join(folder, `${backup(4)}.config`));
    await removePartialBackups(folder, 'telltale.db');
    expect((await readdir(folder)).sort()).toEqual([...kept, `${backup(4)}.config`].sort());
  });
});
