import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { assessAddresses } from '../../../src/commands/doctor/addresses.ts';
import { assessConfiguration } from '../../../src/commands/doctor/configuration.ts';
import { assessDatabase, type DatabaseState } from '../../../src/commands/doctor/database.ts';
import { assessDisks, probeDisks } from '../../../src/commands/doctor/disk.ts';
import type { Verdict } from '../../../src/commands/doctor/finding.ts';
import { assessPermissions } from '../../../src/commands/doctor/permissions.ts';
import { assessPort, type PortState, readAnswer } from '../../../src/commands/doctor/port.ts';
import { assessVersions, supports } from '../../../src/commands/doctor/versions.ts';
import { type Case, expectVerdict, GIB } from './support/verdicts.ts';

describe('the doctor on the configuration', () => {
  it.each<Case<Record<string, string>>>([
    ['ok', 'All variables have their defaults.', {}],
    ['ok', 'The environment sets HOST, PORT.', { PORT: '1', HOST: 'a' }],
    ['wrong', 'PORT=http: must be a whole number', { PORT: 'http' }],
  ])('%s: %s', (verdict, text, environment) => {
    expectVerdict(assessConfiguration(environment), verdict, text);
  });
});

describe('the doctor on versions', () => {
  const good = {
    telltale: '1.2.3',
    node: '22.12.1',
    supportedNode: '^20.19 || ^22.12 || >=24',
    duckdb: '1.5',
    database: { dialect: 'postgresql', version: '15.4 (Debian)' } as const,
  };

  it.each<Case<typeof good | { database: null | { dialect: 'postgresql'; version: string } }>>([
    ['ok', 'Telltale 1.2.3, Node 22.12.1, PostgreSQL 15.4 (Debian), DuckDB 1.5.', {}],
    ['ok', 'Telltale 1.2.3, Node 22.12.1, DuckDB 1.5.', { database: null }],
    ['wrong', 'Node 21.0.0 is not supported.', { node: '21.0.0' }],
    [
      'warning',
      'PostgreSQL 13.2 no longer receives fixes.',
      { database: { dialect: 'postgresql', version: '13.2' } },
    ],
  ])('%s: %s', (verdict, text, facts) => {
    expectVerdict(assessVersions({ ...good, ...facts }), verdict, text);
  });

  it('reads the range of package.json', () => {
    const has = (version: string) => supports(good.supportedNode, version);
    expect(['20.19.0', '20.20.2', '22.12.0', '24.0.0', '25.1.0'].map(has)).toEqual(Array(5).fill(true));
    expect(['18.20.0', '20.18.9', '21.7.0', '22.11.0', '23.9.0'].map(has)).toEqual(Array(5).fill(false));
    expect(() => supports('~20', '20.1.0')).toThrow('is of a form that is not read');
  });
});

describe('the doctor on the port', () => {
  it.each<readonly [Verdict, string, PortState, boolean]>([
    ['ok', 'A server is ready at h:4000.', { kind: 'ready' }, true],
    [
      'wrong',
      'The server at h:4000 is not ready: The disk is full.',
      { kind: 'not-ready', reason: 'The disk is full.' },
      false,
    ],
    ['wrong', 'Another program uses h:4000, or the server hangs: x.', { kind: 'other', reason: 'x' }, false],
    ['wrong', 'A server cannot listen on h:4000 (EACCES).', { kind: 'unusable', reason: 'EACCES' }, false],
    ['ok', 'No server runs at h:4000; the port is free.', { kind: 'free' }, false],
    ['wrong', 'No server answers at h:4000.', { kind: 'free' }, true],
    ['warning', 'PORT=0 takes a free port', { kind: 'unknown' }, true],
  ])('%s: %s', (verdict, text, state, mustServe) => {
    expectVerdict(assessPort(state, { host: 'h', port: 4000, mustServe }), verdict, text);
  });

  it('distinguishes Telltale from other servers by its answer', () => {
    expect(readAnswer(200, '{"status":"ok"}')).toEqual({ kind: 'ready' });
    expect(readAnswer(503, '{"status":"unavailable","reason":"why"}')).toEqual({
      kind: 'not-ready',
      reason: 'why',
    });
    for (const [status, text] of [
      [200, '<html>'],
      [200, 'null'],
      [404, '{"status":"ok"}'],
      [503, '{}'],
    ] as const)
      expect(readAnswer(status, text)).toEqual({
        kind: 'other',
        reason: `it answers /readyz with ${status}`,
      });
  });
});

describe('the doctor on the database', () => {
  const facts = { version: '1', bytes: 1536, now: null, readOnly: null };
  const file = { url: 'file:./a.db', isServed: false };
  const server = { url: 'postgresql://me:secret@db/x', isServed: true };

  it.each<readonly [Verdict, string, DatabaseState, typeof file]>([
    [
      'ok',
      'file:./a.db answers and is at 0021; it takes 1.5 KiB.',
      { kind: 'current', version: '0021', facts },
      file,
    ],
    ['warning', 'file:./a.db does not exist yet. → telltale serve', { kind: 'absent' }, file],
    ['wrong', 'does not exist, but a server is running.', { kind: 'absent' }, { ...file, isServed: true }],
    [
      'wrong',
      'postgresql://me:***@db/x: refused → Check that PostgreSQL',
      { kind: 'unreachable', reason: 'refused' },
      server,
    ],
    ['wrong', 'file:./a.db: damaged → Check the path', { kind: 'unreachable', reason: 'damaged' }, file],
    ['wrong', 'It is newer. → Start the version', { kind: 'unfit', reason: 'It is newer.', facts }, file],
    [
      'warning',
      'lacks 1 migration, from 0022. → telltale migrate',
      { kind: 'behind', pending: ['0022'], facts },
      file,
    ],
    [
      'wrong',
      'lacks 2 migrations, from 0021. → The server runs another',
      { kind: 'behind', pending: ['0021', '0022'], facts },
      server,
    ],
    [
      'wrong',
      'It is not writable: the server is a replica.',
      { kind: 'current', version: '0021', facts: { ...facts, readOnly: 'the server is a replica' } },
      server,
    ],
  ])('%s: %s', (verdict, text, state, about) => {
    expectVerdict(assessDatabase(state, about), verdict, text);
  });
});

describe('the doctor on permissions', () => {
  const good = {
    ...({ what: 'the database', path: '/d/a.db', needs: 'write', isSecret: true } as const),
    ...{ exists: true, refused: null, mode: 0o640 },
  };

  it.each<
    Case<{
      -readonly [Name in keyof Parameters<typeof assessPermissions>[0][number]]: Parameters<
        typeof assessPermissions
      >[0][number][Name];
    }>
  >([
    ['ok', 'All files are accessible: /d/a.db.', {}],
    ['ok', 'All files are accessible', { exists: false, mode: null }],
    ['ok', 'All files are accessible', { isSecret: false, mode: 0o644 }],
    [
      'wrong',
      '/d/a.db (the database) cannot be read and written by this user (EACCES).',
      { refused: 'EACCES' },
    ],
    ['wrong', 'cannot be made by this user (EACCES).', { refused: 'EACCES', exists: false, mode: null }],
    [
      'wrong',
      '/d/a.db (PRICES_FILE) does not exist.',
      { what: 'PRICES_FILE', needs: 'read', exists: false, mode: null },
    ],
    ['wrong', 'Anyone on this machine can change /d/a.db', { mode: 0o646 }],
    ['warning', 'Anyone on this machine can read /d/a.db', { mode: 0o644 }],
  ])('%s: %s', (verdict, text, facts) => {
    expectVerdict(assessPermissions([{ ...good, ...facts }]), verdict, text);
  });
});

describe('the doctor on disks', () => {
  const good = {
    holds: ['the database in /d', 'backups in /d'],
    room: { freeBytes: 50 * GIB, totalBytes: 100 * GIB },
    neededBytes: GIB,
  };
  const free = (freeBytes: number) => ({ room: { ...good.room, freeBytes } });

  it.each<Case<typeof good>>([
    ['ok', '50 GiB of 100 GiB are free for the database in /d, backups in /d.', {}],
    ['ok', '9 GiB of 100 GiB', free(9 * GIB)],
    ['warning', '9 GiB of 100 GiB', { ...free(9 * GIB), neededBytes: 3 * GIB }],
    ['warning', 'The backup before a migration needs 60 GiB.', { neededBytes: 60 * GIB }],
    ['wrong', '200 MiB of 100 GiB', free(200 * 1024 ** 2)],
  ])('%s: %s', (verdict, text, facts) => {
    expectVerdict(assessDisks([{ ...good, ...facts }]), verdict, text);
  });

  it.runIf(existsSync('/proc/self'))('does not mistake a file system without a size for a full one', () => {
    const disks = probeDisks([{ what: 'backups', folder: '/proc/none', neededBytes: GIB }]);
    expectVerdict(assessDisks(disks), 'warning', 'room there is for backups in /proc/none is not known');
  });
});

describe('a replica that has not replayed everything', () => {
  it.each([
    [1_000, 'ok'],
    [200_000_000, 'warning'],
  ] as const)('%d bytes behind', (behindBytes, verdict) => {
    const replica = { url: 'postgresql://replica/telltale', waitMs: 0, maxLagMs: 0 };
    const config = { databaseUrl: 'postgresql://primary/telltale', replica };
    const facts = { pooler: null, replica: { problem: null, behindBytes } };
    expect(assessAddresses(facts, config)).toMatchObject([
      { verdict, finding: expect.stringContaining('still has to replay') },
    ]);
  });
});
