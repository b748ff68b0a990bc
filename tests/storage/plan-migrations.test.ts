import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checksumOf } from '../../src/storage/migrator/checksum.ts';
import { migrationsFolder } from '../../src/storage/migrator/files.ts';
import {
  type AppliedMigration,
  type Migration,
  MigrationError,
} from '../../src/storage/migrator/migration.ts';
import { planMigrations } from '../../src/storage/migrator/plan.ts';
import { splitStatements } from '../../src/storage/migrator/statements.ts';
import { broken, first, second } from './support/small-migrations.ts';

describe('planMigrations', () => {
  const record = (migration: Migration, changes: Partial<AppliedMigration> = {}): AppliedMigration => ({
    name: migration.name,
    checksum: checksumOf(migration.sql),
    startedAt: 1,
    finishedAt: 2,
    rolledBackAt: null,
    ...changes,
  });

  it.each([
    ['an empty database', [], ['0001_first', '0002_second']],
    ['a database one step behind', [record(first)], ['0002_second']],
    ['a database of this version', [record(first), record(second)], []],
    [
      'a step that was rolled back',
      [record(first, { finishedAt: null, rolledBackAt: 3 })],
      ['0001_first', '0002_second'],
    ],
    ['a step that came from another branch', [record(second)], ['0001_first']],
  ])('plans for %s', (_, records, names) => {
    expect(planMigrations([first, second], records).map(({ name }) => name)).toEqual(names);
  });

  it.each([
    [
      'a newer database',
      [record(first), record(second), record(broken)],
      /newer than this version.*0003_broken.*0002_second/,
    ],
    ['a migration of another branch', [record({ name: '0001_other', sql: '' })], /0001_other.*another line/],
    [
      'an edited migration',
      [record({ ...first, sql: 'CREATE TABLE other (x INTEGER);' })],
      /0001_first was changed/,
    ],
    [
      'a migration that another tool left incomplete',
      [record(first, { finishedAt: null })],
      /0001_first.*never finished/,
    ],
  ])('refuses %s', (_, records, message) => {
    expect(() => planMigrations([first, second], records)).toThrow(MigrationError);
    expect(() => planMigrations([first, second], records)).toThrow(message);
  });

  it('treats a checkout with other line endings as the same migration', () => {
    const windows = { ...first, sql: first.sql.replaceAll('\n', '\r\n') };
    expect(planMigrations([windows], [record(first)])).toEqual([]);
    expect(planMigrations([first], [record(windows)])).toEqual([]);
  });
});

describe('splitStatements', () => {
  it.each([
    ['nothing', ' \n-- only a remark\n/* and; another */', []],
    ['a last statement without a semicolon', 'A; B', ['A;', 'B']],
    ['semicolons in quotes', `A 'x;''y;' "z;"; B;`, [`A 'x;''y;' "z;";`, 'B;']],
    ['semicolons in comments', 'A -- x;\n, y; /* ; */ B;', ['A -- x;\n, y;', '/* ; */ B;']],
    ['dollar quotes', 'DO $$ A; B; $$; C $t$ ; $$ ; $t$;', ['DO $$ A; B; $$;', 'C $t$ ; $$ ; $t$;']],
    [
      'a trigger',
      'CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET x = CASE WHEN 1 THEN 2 END; SELECT 1; END; C;',
      [
        'CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET x = CASE WHEN 1 THEN 2 END; SELECT 1; END;',
        'C;',
      ],
    ],
  ])('splits %s', (_, script, statements) => {
    expect(splitStatements(script)).toEqual(statements);
  });
});

describe('migrationsFolder', () => {
  // The files in dist are found by every test that starts a separate process.
  it('is found from src', async () => {
    const sql = await readFile(join(migrationsFolder('sqlite'), '0001_initial', 'migration.sql'), 'utf8');
    expect(sql).toContain('CREATE TABLE');
  });
});
