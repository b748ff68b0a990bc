import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { openSchema } from '../../scripts/migrations/schema-engine.ts';
import { openMigrationConnection } from '../../src/storage/create-store.ts';
import type { MigrationConnection } from '../../src/storage/migration-connection.ts';
import { expectTables } from '../../src/storage/migrator/check.ts';
import { checksumOf } from '../../src/storage/migrator/checksum.ts';
import { migrationsFolder, readMigrations } from '../../src/storage/migrator/files.ts';
import { readHistory } from '../../src/storage/migrator/history.ts';
import { type MigrateResult, migrate } from '../../src/storage/migrator/migrate.ts';
import { type Migration, MigrationError, MigrationFailed } from '../../src/storage/migrator/migration.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { broken, first, second } from './support/small-migrations.ts';

async function migrateInThread(url: string, migrations: readonly Migration[]): Promise<MigrateResult> {
  const dist = new URL('../../dist/storage/', import.meta.url).href;
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     const { dist, url, migrations } = workerData;
     const run = async () => {
       const { openMigrationConnection } = await import(dist + 'create-store.js');
       const { migrate } = await import(dist + 'migrator/migrate.js');
       const connection = await openMigrationConnection(url);
       parentPort.postMessage(await migrate(connection, { migrations, backUp: async () => 'a copy' }));
       await connection.close();
     };
     run().catch((error) => process.nextTick(() => { throw error; }));`,
    { eval: true, workerData: { dist, url, migrations } },
  );
  const [[result]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
  return result;
}

describeEachDatabase('migrate', (database) => {
  const open: MigrationConnection[] = [];
  const connect = async (url: string) => {
    const connection = await openMigrationConnection(url);
    open.push(connection);
    return connection;
  };
  const hasTable = async (connection: MigrationConnection, table: string) => {
    const tables =
      database.dialect === 'sqlite'
        ? `SELECT name FROM sqlite_master WHERE type = 'table'`
        : `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`;
    return (await connection.query(tables)).some(({ name }) => name === table);
  };
  const clock = { now: () => Date.UTC(2026, 10, 22, 12, 30, 0, 123) };

  afterEach(async () => {
    for (const connection of open.splice(0)) await connection.close();
  });

  it('applies missing migrations, in order, and none twice', async () => {
    const connection = await connect(await database.createUrl());
    expect(await migrate(connection, { migrations: [first] })).toEqual({
      applied: ['0001_first'],
      backup: null,
    });
    expect((await migrate(connection, { migrations: [first, second], backUp: null })).applied).toEqual([
      '0002_second',
    ]);
    expect(await migrate(connection, { migrations: [first, second] })).toEqual({ applied: [], backup: null });
    expect(await hasTable(connection, 'c')).toBe(true);
  });

  it('reports a declared table that is missing', async () => {
    const connection = await connect(await database.createUrl());
    await migrate(connection, { migrations: [first] });
    const declared = [
      { name: 'as', table: 'a' },
      { name: 'bs', table: 'b' },
    ];
    await expectTables(connection, declared);
    const missing = expectTables(connection, [...declared, { name: 'cs', table: 'c' }]);
    await expect(missing).rejects.toThrow(MigrationError);
    await expect(missing).rejects.toThrow(
      /creates the table c, in which cs .*npm run migration:new -- add_c; .*another table/,
    );
  });

  it('records a migration with its checksum and times', async () => {
    const connection = await connect(await database.createUrl());
    await migrate(connection, { migrations: [first], clock });
    expect(await readHistory(connection)).toEqual([
      {
        name: '0001_first',
        checksum: checksumOf(first.sql),
        startedAt: clock.now(),
        finishedAt: clock.now(),
        rolledBackAt: null,
      },
    ]);
  });

  it("is understood by Prisma's own tools", async () => {
    const url = await database.createUrl();
    const connection = await connect(url);
    await migrate(connection, { migrations: [first, second] });
    const schema = await openSchema(database.dialect, url);
    try {
      expect(await schema.diagnose([first, second])).toEqual([]);
      expect(await schema.diagnose([{ ...first, sql: 'SELECT 1;' }, second])).toEqual(['edited: 0001_first']);
      expect(await schema.diagnose([first, second, broken])).toEqual([
        expect.stringContaining('0003_broken'),
      ]);
    } finally {
      await schema.close();
    }
  });

  it('rolls all migrations back as a whole and names the statement', async () => {
    const connection = await connect(await database.createUrl());
    const failure = await migrate(connection, { migrations: [first, broken] }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(MigrationFailed);
    expect(failure).toMatchObject({ migration: '0003_broken', statement: 'INSERT INTO nowhere VALUES (1);' });
    expect(String(failure)).toMatch(/0003_broken.*nowhere[\s\S]*INSERT INTO nowhere/);
    expect(await hasTable(connection, 'b')).toBe(false);
    expect(await readHistory(connection)).toEqual([]);

    const mended = { ...broken, sql: 'CREATE TABLE d (x INTEGER);' };
    expect((await migrate(connection, { migrations: [first, mended] })).applied).toEqual([
      '0001_first',
      '0003_broken',
    ]);
  });

  it('copies a database that holds tables before it changes it, and never without permission', async () => {
    const connection = await connect(await database.createUrl());
    await migrate(connection, { migrations: [first] });
    await expect(migrate(connection, { migrations: [first, second] })).rejects.toThrow(/only after a backup/);
    const seen: boolean[] = [];
    const backUp = async () => {
      seen.push(await hasTable(connection, 'c'));
      return '/some/path';
    };
    expect(await migrate(connection, { migrations: [first, second], backUp })).toEqual({
      applied: ['0002_second'],
      backup: '/some/path',
    });
    expect(seen).toEqual([false]);
    const failing = () => Promise.reject(new MigrationError('no room'));
    const third = { name: '0003_third', sql: 'CREATE TABLE e (x INTEGER);' };
    const refused = migrate(connection, { migrations: [first, second, third], backUp: failing });
    await expect(refused).rejects.toThrow('no room');
    expect(await hasTable(connection, 'e')).toBe(false);
  });

  it.each([
    ['loses rows', 'DELETE FROM a;', /a has 0 rows, and had 1/],
    ['drops a declared table', 'DROP TABLE a;', /No migration creates the table a/],
    [
      'drops a declared column',
      'ALTER TABLE a ADD y INTEGER; ALTER TABLE a DROP x;',
      /lacks what is declared.*\ba\.x\b/,
    ],
  ])('rolls back a migration that %s', async (_, sql, message) => {
    const connection = await connect(await database.createUrl());
    await migrate(connection, { migrations: [first] });
    await connection.script('INSERT INTO a VALUES (42)');
    const declared = [{ name: 'as', table: 'a', columns: [{ sqlName: 'x' }] }];
    const damaging = { name: '0002_damaging', sql };
    const failed = migrate(connection, { migrations: [first, damaging], declared, backUp: null });
    await expect(failed).rejects.toThrow(message);
    expect(await connection.query('SELECT x FROM a')).toEqual([{ x: 42 }]);
    expect(await readHistory(connection)).toHaveLength(1);
  });

  it('changes nothing in a database that it refuses', async () => {
    const connection = await connect(await database.createUrl());
    await migrate(connection, { migrations: [first, second] });
    const edited = { ...first, sql: 'CREATE TABLE z (x INTEGER);' };
    await expect(migrate(connection, { migrations: [edited, second, broken] })).rejects.toThrow(
      MigrationError,
    );
    await expect(migrate(connection, { migrations: [first] })).rejects.toThrow(/newer/);
    expect(await readHistory(connection)).toHaveLength(2);
  });

  it('applies once, after one backup, when several instances start at once', async () => {
    const url = await database.createUrl();
    await (await connect(url)).script('CREATE TABLE z (x INTEGER)');
    const results = await Promise.all(Array.from({ length: 4 }, () => migrateInThread(url, [first, second])));
    expect(results.filter(({ applied }) => applied.length > 0)).toEqual([
      { applied: ['0001_first', '0002_second'], backup: 'a copy' },
    ]);
    expect(await readHistory(await connect(url))).toHaveLength(2);
  });

  it("applies this package's migrations", async () => {
    const connection = await connect(await database.createUrl());
    const own = await readMigrations(migrationsFolder(database.dialect));
    expect(own.length).toBeGreaterThan(0);
    expect((await migrate(connection)).applied).toEqual(own.map(({ name }) => name));
  });

  if (database.dialect !== 'sqlite') return;

  it('rolls back a migration that violates a foreign key', async () => {
    const connection = await connect(await database.createUrl());
    const keyed = {
      name: '0001_keyed',
      sql: 'CREATE TABLE p (x INTEGER PRIMARY KEY); CREATE TABLE q (x REFERENCES p);',
    };
    await migrate(connection, { migrations: [keyed] });
    await connection.script('PRAGMA foreign_keys = OFF');
    const damaging = { name: '0002_damaging', sql: 'INSERT INTO q VALUES (7);' };
    const failed = migrate(connection, { migrations: [keyed, damaging], backUp: null });
    await expect(failed).rejects.toThrow('Row 1 of q names a row of p that does not exist.');
    expect(await connection.query('SELECT * FROM q')).toEqual([]);
  });

  it("reads times that Prisma's tools stored as text", async () => {
    const connection = await connect(await database.createUrl());
    await migrate(connection, { migrations: [first] });
    await connection.script(
      `UPDATE _prisma_migrations SET started_at = '2026-11-22 12:30:00', finished_at = '2026-11-22T12:30:00.123+00:00'`,
    );
    expect(await readHistory(connection)).toMatchObject([
      { startedAt: Date.UTC(2026, 10, 22, 12, 30), finishedAt: Date.UTC(2026, 10, 22, 12, 30, 0, 123) },
    ]);
  });
});
