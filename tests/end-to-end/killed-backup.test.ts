import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, expect, inject, it } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { openBackupFormat, openMigrationConnection } from '../../src/storage/create-store.ts';
import { migrationsFolder, readMigrations } from '../../src/storage/migrator/files.ts';
import { migrate } from '../../src/storage/migrator/migrate.ts';
import { callGroup, callRow } from '../storage/support/calls.ts';
import { useStores } from '../storage/support/stores.ts';
import { describeOnlyOn } from '../support/databases.ts';
import { runCommand } from '../support/run-command.ts';
import { startProcess, type TelltaleProcess } from '../support/start-process.ts';

const PREVIOUS = '0020_arrivals';
const CALLS = 20_000;

describeOnlyOn('sqlite', 'a process that is killed', (database) => {
  const stores = useStores(database);
  let url: string;
  let folder: string;
  let environment: Record<string, string>;

  beforeAll(async () => {
    url = await database.createMigratedUrl();
    folder = dirname(url.slice('file:'.length));
    environment = { DATABASE_URL: url, HOME: join(inject('databaseFolder'), 'home-of-killed') };
    const store = await stores.open(url);
    for (let calls = 0; calls < CALLS; calls += 1000)
      await store.append([callGroup(...Array.from({ length: 1000 }, () => callRow()))]);
    await stores.close(store);
  });

  const namesIn = (path: string): Promise<string[]> => readdir(path).catch(() => []);

  /** Kills a command as soon as a file with a matching name exists. */
  async function killAt(words: readonly string[], path: string, pattern: RegExp): Promise<void> {
    await using process = startProcess(words, environment);
    while (!(await namesIn(path)).some((name) => pattern.test(name))) await stillRuns(process);
    process.child.kill('SIGKILL');
    expect(await process.ended).toBe('SIGKILL');
  }

  async function stillRuns({ ended, stdout, stderr }: TelltaleProcess): Promise<void> {
    const next = new Promise<null>((resolve) => setImmediate(() => resolve(null)));
    const code = await Promise.race([ended, next]);
    if (code !== null) throw new Error(`It ended with ${code} before: ${stdout}${stderr}`);
  }

  async function expectWhole(): Promise<void> {
    const { rows } = await (await openBackupFormat(url)).inspect(url.slice('file:'.length), {
      thorough: true,
    });
    expect(rows[llmCalls.table]).toBe(CALLS);
  }

  it('leaves no incomplete backup, and the next backup removes the remains', async () => {
    const backups = join(folder, 'backups');
    await killAt(['backup'], backups, /\.partial$/);
    for (const name of await namesIn(backups))
      expect(name).toMatch(/\.backup\.[\w-]+@\d+\.partial(?:-journal)?$/);
    expect((await runCommand(['backups', '--json'], environment)).stdout).toBe('[]\n');
    expect(await runCommand(['backup'], environment)).toMatchObject({ code: 0 });
    expect((await namesIn(backups)).sort()).toEqual([
      expect.stringMatching(/\.backup$/),
      expect.stringMatching(/\.backup\.json$/),
    ]);
    await expectWhole();
  });

  it('leaves nothing of a backup that a signal stops', async () => {
    const backups = join(folder, 'stopped');
    await using process = startProcess(['backup', '--to', backups], environment);
    while (!(await namesIn(backups)).some((name) => /\.partial$/.test(name))) await stillRuns(process);
    process.child.kill('SIGTERM');
    expect({ code: await process.ended, stderr: process.stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Stopped by SIGTERM'),
    });
    expect(await namesIn(backups)).toEqual([]);
  });

  it('leaves the old database during a restore, and the next restore removes the remains', async () => {
    const before = await stat(url.slice('file:'.length));
    const restore = ['restore', '--at', '2999-01-01', '--yes'];
    await killAt(restore, folder, /\.restoring$/);
    expect((await stat(url.slice('file:'.length))).ino).toBe(before.ino);
    await expectWhole();
    expect(await runCommand(restore, environment)).toMatchObject({ code: 0 });
    await expectWhole();
    expect((await namesIn(folder)).filter((name) => /restoring/.test(name))).toEqual([]);
  });

  it('leaves the old schema during a migration', async () => {
    const file = join(folder, 'older', 'telltale.db');
    const own = await readMigrations(migrationsFolder('sqlite'));
    const connection = await openMigrationConnection(`file:${file}`);
    await migrate(connection, { migrations: own.filter(({ name }) => name <= PREVIOUS) });
    await connection.close();
    environment = { ...environment, DATABASE_URL: `file:${file}` };
    // The backup is made within the transaction of the migration.
    await killAt(['migrate'], join(folder, 'older', 'backups'), /\.partial$/);
    const preview = JSON.parse((await runCommand(['migrate', '--dry-run', '--json'], environment)).stdout);
    expect(preview.pending).toEqual(own.map(({ name }) => name).filter((name) => name > PREVIOUS));
    expect(await runCommand(['migrate'], environment)).toMatchObject({ code: 0 });
  });
});
