import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, inject } from 'vitest';
import type { Dialect } from '../../src/storage/store.ts';

/** Provides databases for the tests of one `describeEachDatabase` body. */
export interface TestDatabase {
  readonly dialect: Dialect;
  /**
   * The URL of a new and empty database. It is removed after the body's tests. On PostgreSQL the
   * removal fails if a connection is still open, so a test must close everything that it opens.
   */
  createUrl(): Promise<string>;
  /**
   * Like `createUrl`, with the schema of this version: a copy of a database that was migrated once.
   */
  createMigratedUrl(): Promise<string>;
  /** The URL of a copy of a database without connections, as a backup would restore it. */
  createCopyUrl(url: string): Promise<string>;
}

/**
 * Starting a thread takes 45 ms of a processor, and most tests read one thing at a time. Tests of
 * the store have more.
 */
export const TEST_SQLITE_READERS = 1;

const ALL: readonly Dialect[] = ['sqlite', 'postgresql'];

/**
 * The databases that tests run on: both, or those of `DIALECTS`, such as `DIALECTS=sqlite` for a
 * quick run.
 */
export function testedDialects(names = process.env.DIALECTS || ALL.join(',')): readonly Dialect[] {
  return names.split(',').map((name) => {
    const dialect = ALL.find((candidate) => candidate === name.trim());
    if (dialect === undefined) throw new Error(`DIALECTS names ${name}; there are ${ALL.join(' and ')}.`);
    return dialect;
  });
}

/** Declares the same tests once per database. */
export function describeEachDatabase(name: string, body: (database: TestDatabase) => void): void {
  for (const dialect of testedDialects()) describeDatabase(dialect, name, body);
}

/**
 * Declares tests on the first of the databases: for behaviour that needs a database but does not
 * depend on which.
 */
export function describeOneDatabase(name: string, body: (database: TestDatabase) => void): void {
  describeDatabase(testedDialects()[0] as Dialect, name, body);
}

/** Declares tests on the databases that `describeOneDatabase` leaves out. */
export function describeOtherDatabases(name: string, body: (database: TestDatabase) => void): void {
  for (const dialect of testedDialects().slice(1)) describeDatabase(dialect, name, body);
}

/** Declares tests of what only one of the databases has. */
export function describeOnlyOn(dialect: Dialect, name: string, body: (database: TestDatabase) => void): void {
  if (testedDialects().includes(dialect)) describeDatabase(dialect, name, body);
  else describe.skip(name, () => {});
}

function describeDatabase(dialect: Dialect, name: string, body: (database: TestDatabase) => void): void {
  describe(`${name} (${dialect})`, () => {
    const { database, removeAll } = dialect === 'sqlite' ? temporaryFiles() : temporaryDatabases();
    // Hooks run last in, first out: what the body closes in its own hooks is closed by now.
    afterAll(removeAll);
    body(database);
  });
}

interface Temporary {
  readonly database: TestDatabase;
  removeAll(): Promise<void>;
}

let migrated: Promise<string> | undefined;
/** The file to copy, requested from the broker once per process. */
const migratedFile = () => (migrated ??= askBroker('GET'));

function temporaryFiles(): Temporary {
  const folders: string[] = [];
  async function newFile(): Promise<string> {
    const folder = await mkdtemp(join(inject('databaseFolder'), 'test-'));
    folders.push(folder);
    return join(folder, 'telltale.db');
  }
  return {
    database: {
      dialect: 'sqlite',
      createUrl: async () => `file:${await newFile()}`,
      async createMigratedUrl() {
        const file = await newFile();
        await copyFile(await migratedFile(), file);
        return `file:${file}`;
      },
      async createCopyUrl(url) {
        const file = await newFile();
        await copyFile(url.slice('file:'.length), file);
        return `file:${file}`;
      },
    },
    async removeAll() {
      await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, maxRetries: 3 })));
    },
  };
}

function temporaryDatabases(): Temporary {
  const urls: string[] = [];
  async function create(source?: string): Promise<string> {
    const url = await askBroker('POST', source);
    urls.push(url);
    return url;
  }
  return {
    database: {
      dialect: 'postgresql',
      createUrl: () => create(),
      createMigratedUrl: () => create('migrated'),
      createCopyUrl: create,
    },
    async removeAll() {
      for (const url of urls.splice(0)) await askBroker('DELETE', url);
    },
  };
}

/** A database on the tests' PostgreSQL, for tools that need the URL of a server. */
export async function borrowPostgresql(): Promise<{ readonly url: string; giveBack(): Promise<void> }> {
  const url = await askBroker('POST');
  return { url, giveBack: async () => void (await askBroker('DELETE', url)) };
}

async function askBroker(method: 'GET' | 'POST' | 'DELETE', body?: string): Promise<string> {
  const response = await fetch(inject('databaseBroker'), { method, ...(body !== undefined && { body }) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} of a PostgreSQL database: ${text}`);
  return text;
}
