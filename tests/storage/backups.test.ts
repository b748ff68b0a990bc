import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureMessage } from '../../src/commands/failures.ts';
import { BackupFailed, writeBackup } from '../../src/storage/backups.ts';
import { StorageUnavailable } from '../../src/storage/errors.ts';
import { MigrationError } from '../../src/storage/migrator/migration.ts';

const coded = (code: string): Error => Object.assign(new Error(`said ${code}`), { code });

describe('writeBackup', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'telltale-backups-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function failWith(error: Error): Promise<unknown> {
    const copy = async (path: string) => {
      await writeFile(path, 'half');
      throw error;
    };
    return writeBackup(join(folder, 'telltale.db'), 0, copy).catch((reason) => reason);
  }

  it.each(['SQLITE_FULL', 'SQLITE_CANTOPEN', 'SQLITE_IOERR_WRITE', 'ENOSPC', 'EACCES', 'EROFS'])(
    'blames the folder for %s, and leaves nothing in it',
    async (code) => {
      const error = await failWith(coded(code));
      expect(error).toBeInstanceOf(BackupFailed);
      expect((error as Error).message).toBe(
        `No backup was made: ${join(folder, 'backups')}, beside the file of DATABASE_URL, must be a folder that the server can write, ` +
          `with room for a copy of the database (said ${code}).`,
      );
      expect(await readdir(join(folder, 'backups'))).toEqual([]);
      for (const shown of [error, new MigrationError((error as Error).message, { cause: error })])
        expect(failureMessage(shown)).toBe((error as Error).message);
    },
  );

  it.each([coded('SQLITE_CORRUPT'), coded('SQLITE_BUSY'), new StorageUnavailable('The thread is gone')])(
    'passes on faults of the database: %s',
    async (error) => {
      expect(await failWith(error)).toBe(error);
    },
  );
});
