import { chmodSync, statSync } from 'node:fs';
import { mkdir, open, readdir, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, expect, inject, it } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { openMigrationConnection } from '../../src/storage/create-store.ts';
import { migrationsFolder, readMigrations } from '../../src/storage/migrator/files.ts';
import { migrate } from '../../src/storage/migrator/migrate.ts';
import type { Store } from '../../src/storage/store.ts';
import { callGroup, callRow } from '../storage/support/calls.ts';
import { useStores } from '../storage/support/stores.ts';
import { describeEachDumped } from '../support/dumped-databases.ts';
import { runCommand } from '../support/run-command.ts';

const modesOf = (...paths: readonly string[]) => paths.map((path) => statSync(path).mode & 0o777);
const PREVIOUS = '0020_arrivals';

describeEachDumped('backup and restore', (database) => {
  const stores = useStores(database);
  const isSqlite = database.dialect === 'sqlite';
  let url: string;
  let environment: Record<string, string>;
  /** The folder for backups, unless the environment names another one. */
  let folder: string;
  let number = 0;

  async function use(given: string): Promise<void> {
    url = given;
    const home = join(inject('databaseFolder'), `home-${database.dialect}-${process.pid}-${number++}`);
    folder = isSqlite ? join(dirname(url.slice('file:'.length)), 'backups') : join(home, 'data');
    environment = {
      DATABASE_URL: url,
      HOME: home,
      NODE_ENV: 'test',
      ...(!isSqlite && { BACKUP_DIR: folder }),
    };
  }

  const run = (...words: string[]) => runCommand(words, environment);

  /** Like `run`, for a command that succeeds: returns its result. */
  async function result(...words: string[]) {
    const { code, stdout, stderr } = await run(...words, '--json');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return JSON.parse(stdout);
  }

  const record = (store: Store, receivedAt = Date.now()) =>
    store.append([callGroup(callRow({ receivedAt }))]);

  async function countOf(store: Store): Promise<number> {
    const { count } = await store.query
      .selectFrom(llmCalls.table)
      .select((expression) => expression.fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async function countIn(database: string): Promise<number> {
    const store = await stores.open(database);
    const count = await countOf(store);
    await stores.close(store);
    return count;
  }

  /** The files beside the database: former databases, and what restores left. */
  async function urlOfKept(kept: string): Promise<string> {
    if (isSqlite) return `file:${kept}`;
    const other = new URL(url);
    other.pathname = `/${kept}`;
    return other.href;
  }

  beforeEach(async () => use(await stores.createUrl()));

  it('bring back the state of the backup, and set the current one aside', async () => {
    const store = await stores.open(url);
    for (let call = 0; call < 40; call++) await record(store);
    const [backup] = await Promise.all([
      result('backup'),
      ...Array.from({ length: 20 }, () => record(store)),
    ]);
    expect(backup).toMatchObject({ state: 'VERIFIED', reason: 'COMMAND', schemaVersion: expect.any(String) });
    expect(await result('backups', '--check')).toMatchObject([{ name: backup.name, state: 'VERIFIED' }]);
    for (let call = 0; call < 3; call++) await record(store, Date.now() + 60_000);
    const present = await countOf(store);

    const inUse = await run('restore', backup.name, '--yes');
    expect(inUse).toMatchObject({
      code: 6,
      stderr: expect.stringMatching(/ us(?:es|ing) .*: .*[Ss]top .* first.* Nothing was changed/),
    });
    expect(await countOf(store)).toBe(present);
    await stores.close(store);

    expect(await run('restore', backup.name)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--yes'),
    });
    const dry = await run('restore', backup.path, '--dry-run');
    expect(dry).toMatchObject({
      code: 0,
      stdout: 'Nothing was changed.\n',
      stderr: expect.stringMatching(/llmCalls: \d+/),
    });

    expect(await result('restore', backup.path, '--dry-run')).toMatchObject({
      backup: backup.path,
      restored: null,
      lost: { llmCalls: expect.any(Number) },
    });

    const restored = await result('restore', '--at', new Date().toISOString(), '--yes');
    const had = restored.rows[llmCalls.table];
    expect(had).toBeGreaterThanOrEqual(40);
    expect(had).toBeLessThanOrEqual(60);
    expect(restored.lost.llmCalls).toBeGreaterThanOrEqual(3);
    expect(restored).toMatchObject({ restored: backup.path, lost: { errorLogs: 0 } });
    expect(await countIn(url)).toBe(had);
    expect(await countIn(await urlOfKept(restored.kept))).toBe(present);
    expect(modesOf(folder, backup.path, `${backup.path}.json`)).toEqual([0o700, 0o600, 0o600]);
    if (isSqlite)
      expect((await readdir(dirname(folder))).sort()).toEqual([
        'backups',
        'telltale.db',
        expect.stringMatching(/replaced$/),
      ]);
  });

  it.runIf(isSqlite)(
    'keep the permissions of the database, which is created for its user alone',
    async () => {
      await stores.close(await stores.open(url));
      const file = url.slice('file:'.length);
      expect(modesOf(file)).toEqual([0o600]);
      chmodSync(file, 0o640);
      const { name } = await result('backup');
      await result('restore', name, '--yes');
      expect(modesOf(file)).toEqual([0o640]);
      await use(`${url}.new/telltale.db`);
      await result('migrate');
      expect(modesOf(`${file}.new`, `${file}.new/telltale.db`)).toEqual([0o700, 0o600]);
    },
  );

  it('work if the database is empty, or lacks tables of this version', async () => {
    const store = await stores.open(url);
    await stores.close(store);
    const { path } = await result('backup', '--to', join(folder, 'elsewhere'));
    await use(await database.createUrl());
    const connection = await openMigrationConnection(url);
    await connection.script('create table request_logs (id text, received_at timestamp)');
    await connection.close();
    expect(await result('restore', path, '--dry-run')).toMatchObject({
      lost: { requestLogs: 0, llmCalls: 0 },
    });
  });

  it('work if the database is gone', async () => {
    const store = await stores.open(url);
    await record(store);
    await stores.close(store);
    const { path } = await result('backup', '--to', join(folder, 'elsewhere'));
    expect(dirname(path)).toBe(join(folder, 'elsewhere'));
    expect(await result('backups')).toEqual([]);
    await use(isSqlite ? `${url}.gone` : `${url}_gone`);
    expect(await result('restore', path, '--yes')).toMatchObject({ kept: null, lost: null });
    expect(await countIn(url)).toBe(1);
  });

  it('refuse a backup that is damaged, or of a newer version, and change nothing', async () => {
    const { path, name } = await result('backup');
    const file = await open(path, 'r+');
    await file.write(Buffer.alloc(64, 7), 0, 64, Math.floor((await file.stat()).size / 2));
    await file.close();
    expect(await run('restore', name, '--yes')).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('does not match its manifest'),
    });
    expect(await run('backups', '--check')).toMatchObject({
      code: 5,
      stdout: expect.stringContaining('DAMAGED'),
    });
    await truncate(path, 1000);
    expect(await run('backups')).toMatchObject({ code: 5, stdout: expect.stringContaining('DAMAGED') });
    expect(await run('restore', '--at', '2999-01-01', '--yes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no backup from before'),
    });
    await writeFile(join(folder, 'other.file'), 'This is no backup.');
    expect(await run('restore', join(folder, 'other.file'), '--yes')).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('cannot be used'),
    });

    const whole = await result('backup');
    const connection = await openMigrationConnection(url);
    await connection.script(`INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, started_at)
      SELECT 'future', checksum, '9999_future', finished_at, started_at FROM _prisma_migrations LIMIT 1`);
    await connection.close();
    const newer = await result('backup');
    expect(await run('restore', newer.name, '--yes')).toMatchObject({
      code: 6,
      stderr: expect.stringMatching(/newer than this version.*9999_future/),
    });
    expect(await run('migrate')).toMatchObject({
      code: 6,
      stderr: expect.stringMatching(
        new RegExp(`newer than this version.*9999_future.*telltale restore ${whole.name}`),
      ),
    });
  });

  it.runIf(!isSqlite)('work for a user who may not connect to any other database', async () => {
    const connection = await openMigrationConnection(url);
    const own = new URL(url);
    await connection.script(`create role confined login password '${own.password}' in role pg_read_all_data;
      revoke connect on database postgres, template1 from public`);
    await connection.close();
    own.username = 'confined';
    environment['DATABASE_URL'] = own.href;
    expect(await result('backup')).toMatchObject({ state: 'VERIFIED' });
  });

  it('use another folder if theirs cannot be written, and say so', async () => {
    await mkdir(dirname(folder), { recursive: true });
    await writeFile(folder, '');
    const { code, stderr, stdout } = await run('backup');
    const home = join(environment['HOME'] ?? '', '.telltale', 'backups');
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`they go to ${home}`),
    });
    expect(stdout).toContain(home);
  });

  /** Uses a database of an older version, and returns the migrations that it lacks. */
  async function useOlder(): Promise<string[]> {
    await use(await database.createUrl());
    const own = await readMigrations(migrationsFolder(database.dialect));
    const connection = await openMigrationConnection(url);
    await migrate(connection, { migrations: own.filter(({ name }) => name <= PREVIOUS) });
    await connection.close();
    return own.filter(({ name }) => name > PREVIOUS).map(({ name }) => name);
  }

  it('precede a migration, are checked, and are restored by one command', async () => {
    const pending = await useOlder();
    const preview = await result('migrate', '--dry-run');
    expect(preview).toMatchObject({ pending, backup: { folder, problem: null } });
    expect(preview.backup.freeBytes).toBeGreaterThan(preview.backup.bytes);

    await mkdir(environment['HOME'] ?? '', { recursive: true });
    const { applied, backup } = await result('migrate');
    expect(applied).toEqual(pending);
    expect(await result('backups', '--check')).toMatchObject([
      { path: backup, reason: 'MIGRATION', state: 'VERIFIED', schemaVersion: PREVIOUS },
    ]);
    await result('restore', backup, '--yes');
    expect(await result('migrate', '--dry-run')).toMatchObject({ pending });
  });

  it('are required for a migration in production', async () => {
    const pending = await useOlder();
    Object.assign(environment, {
      NODE_ENV: 'production',
      BACKUP_DIR: '/dev/null/a',
      HOME: '/dev/null/b',
      PG_DUMP: '/dev/null/c',
    });
    expect(await run('migrate')).toMatchObject({
      code: 6,
      stderr: expect.stringMatching(
        isSqlite ? /\/dev\/null\/a .*\/dev\/null\/b.*--no-backup/ : /pg_dump was not found.*--no-backup/,
      ),
    });
    expect(await result('migrate', '--dry-run')).toMatchObject({ pending });
    expect(await result('migrate', '--no-backup')).toMatchObject({ applied: pending, backup: null });
  });
});
