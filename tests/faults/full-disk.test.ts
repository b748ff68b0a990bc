import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FailingPostgresql, openFailingPostgresql } from '../../scripts/databases/postgresql-server.ts';
import { describeOnlyOn, type TestDatabase, testedDialects } from '../support/databases.ts';
import { runCommand } from '../support/run-command.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { expectAllStored } from './support/check-stored.ts';
import {
  announceCase,
  isLong,
  numbered,
  rounds,
  SEED,
  TIMEOUT_MS,
  whileThereIsTime,
} from './support/extent.ts';
import { report } from './support/figures.ts';
import { createLedger, type Ledger } from './support/ledger.ts';
import { oldDatabase } from './support/old-database.ts';
import { canMount, openSmallDisk } from './support/small-disk.ts';
import { startWriters } from './support/writers.ts';

const FULL = 'The disk of the database is full.';
const REFUSED = `OVERLOADED: ${FULL.slice(0, -1)}`;
const BACKUP = 'mutation { createBackup { backup { name } } }';
const COUNT = '{ llmCalls { totalCount } }';
const FILLS = rounds(1, 4);
const BATCHES = 20;
beforeEach(announceCase);

const ROOMS = isLong ? [0, 8, 64, 128, 256, 400].map((kibibytes) => kibibytes * 1024) : [0];

/** Waits until recording is rejected, and checks what still works on a full disk. */
async function expectFull(app: TestApp, ledger: Ledger, refusedBefore: number): Promise<void> {
  await expect.poll(() => refusalsOf(ledger)).toBeGreaterThan(refusedBefore);
  expect(await app.execute(COUNT)).not.toHaveProperty('errors');
  // On a busy machine, the first answer may be that the database answers late.
  await expect
    .poll(async () => {
      const readiness = await app.app.fetch(new Request('http://localhost/readyz'));
      return [readiness.status, await readiness.text()];
    })
    .toEqual([503, expect.stringContaining(FULL)]);
}

const refusalsOf = ({ refusals }: Ledger): number => refusals.get(REFUSED) ?? 0;

/** Every refusal says that the disk is full. */
function expectOnlyFull({ refusals }: Ledger): void {
  expect([...refusals.keys()]).toEqual([REFUSED]);
}

describeOnlyOn('sqlite', 'a database that may not grow', (database) => {
  test('rejects events until there is space, and then continues automatically', async () => {
    const ledger = createLedger(SEED);
    let databaseUrl: string;
    {
      await using app = await startApp({ database });
      ({ databaseUrl } = app);
      const { query } = app.app.services.store;
      const writers = startWriters(app.url, ledger);
      await ledger.moreAcknowledged(BATCHES);
      // The smallest size that SQLite accepts: the existing pages.
      await sql.raw('pragma max_page_count = 1').execute(query);
      await expectFull(app, ledger, 0);
      await sql.raw('pragma max_page_count = 4294967294').execute(query);
      await ledger.moreAcknowledged(BATCHES);
      await writers.stop('FINISH');
    }
    expectOnlyFull(ledger);
    await expectAllStored(databaseUrl, ledger);
  });
});

// Where mounting is not allowed, only the test above remains.
describe.runIf(canMount && testedDialects().includes('sqlite'))('a disk that is full', () => {
  test('stops only recording and backups', { timeout: TIMEOUT_MS }, async () => {
    using disk = openSmallDisk(64);
    const databaseUrl = `file:${join(disk.folder, 'telltale.db')}`;
    // Backups that do not fit beside the database would be written to the home folder.
    const environment = { COLUMN_STORE: 'on', HOME: disk.folder };
    const database = { dialect: 'sqlite' } as TestDatabase;
    const ledger = createLedger(SEED);
    let problems: unknown[] = [];
    let fills = 0;
    for (const _fill of whileThereIsTime(numbered(FILLS))) {
      fills++;
      await using app = await startApp({ database, databaseUrl, environment });
      const writers = startWriters(app.url, ledger);
      await ledger.moreAcknowledged(BATCHES);
      const before = refusalsOf(ledger);
      disk.fill();
      await expectFull(app, ledger, before);
      expect((await app.execute(BACKUP)).errors).toMatchObject([
        { message: expect.stringMatching(/full/), extensions: { code: 'OVERLOADED', retryAfterMs: 30_000 } },
      ]);
      {
        // The disk was full when the server started, but the stored events can be read.
        await using again = await startApp({ database, databaseUrl, environment: { COLUMN_STORE: 'off' } });
        expect(await again.execute(COUNT)).not.toHaveProperty('errors');
      }
      disk.makeRoom();
      await ledger.moreAcknowledged(BATCHES);
      expect(await app.execute(BACKUP)).not.toHaveProperty('errors');
      await writers.stop('FINISH');
      problems = app.log.map(({ problem }) => problem).filter((problem) => problem !== undefined);
    }
    // The columnar copy's own message names the disk, too.
    for (const problem of problems) expect(problem).toMatch(/space|full|valid DuckDB/i);
    expectOnlyFull(ledger);
    await expectAllStored(databaseUrl, ledger);
    report('disk full', {
      fills,
      acknowledged: ledger.events,
      lost: 0,
      refusals: ledger.refusals,
      problems,
    });
  });

  test('ends a migration with a clear message, and the migration can be repeated', async () => {
    using disk = openSmallDisk(16);
    const DATABASE_URL = await oldDatabase(`file:${join(disk.folder, 'telltale.db')}`);
    // The space is too small, first for the backup before the migration, and then for the
    // migration.
    for (const leaving of whileThereIsTime(ROOMS)) {
      disk.fill(leaving);
      const { code, stderr } = await runCommand(['migrate'], { DATABASE_URL, HOME: disk.folder });
      expect(stderr).toMatch(/full/);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(code).not.toBe(0);
    }
    disk.makeRoom();
    expect(await runCommand(['migrate'], { DATABASE_URL, HOME: disk.folder })).toMatchObject({ code: 0 });
  });
});

const runsPostgresql = isLong && canMount && testedDialects().includes('postgresql');
describe.runIf(runsPostgresql)('a disk of PostgreSQL that is full', () => {
  let postgresql: FailingPostgresql;
  beforeAll(async () => {
    postgresql = await openFailingPostgresql();
  });
  afterAll(() => postgresql.close());

  test('stops only recording', { timeout: TIMEOUT_MS }, async () => {
    using disk = openSmallDisk(96);
    const ledger = createLedger(SEED);
    const databaseUrl = await onDisk(postgresql, disk.folder);
    let fills = 0;
    {
      await using app = await startApp({ database: { dialect: 'postgresql' } as TestDatabase, databaseUrl });
      const writers = startWriters(app.url, ledger);
      for (const _fill of whileThereIsTime(numbered(FILLS))) {
        fills++;
        await ledger.moreAcknowledged(BATCHES);
        const before = refusalsOf(ledger);
        disk.fill();
        await expectFull(app, ledger, before);
        disk.makeRoom();
        await ledger.moreAcknowledged(BATCHES);
      }
      await writers.stop('FINISH');
    }
    expectOnlyFull(ledger);
    await expectAllStored(databaseUrl, ledger);
    report('disk full (PostgreSQL)', {
      fills,
      acknowledged: ledger.events,
      refusals: ledger.refusals,
    });
  });
});

/**
 * A database whose tables are in that folder. Its log is elsewhere, because otherwise PostgreSQL
 * would end.
 */
async function onDisk({ url }: FailingPostgresql, folder: string): Promise<string> {
  const location = join(folder, 'tables');
  mkdirSync(location);
  if (process.getuid?.() === 0) execFileSync('chown', ['nobody', location]);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create tablespace small location '${location}'`);
  await client.query('create database small tablespace small');
  await client.end();
  return Object.assign(new URL(url), { pathname: '/small' }).href;
}
