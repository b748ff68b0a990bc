import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FailingPostgresql, openFailingPostgresql } from '../../scripts/databases/postgresql-server.ts';
import { createRandom } from '../../src/commands/demo/random.ts';
import { describeOnlyOn, type TestDatabase, testedDialects } from '../support/databases.ts';
import { openNetwork } from '../support/network.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { expectAllStored } from './support/check-stored.ts';
import { announceCase, isLong, rounds, SEED, TIMEOUT_MS, whileThereIsTime } from './support/extent.ts';
import { report, spread } from './support/figures.ts';
import { followLive } from './support/follow-live.ts';
import { createLedger, type Ledger } from './support/ledger.ts';
import { startWriters } from './support/writers.ts';

const AWAY_MS = rounds(300, 4_000);
/**
 * The loss of a forgotten connection is noticed after some seconds, so only the long form does
 * this.
 */
const WAYS = isLong ? (['cut', 'stall', 'forget'] as const) : (['cut', 'stall'] as const);
const ENDS = Array(4)
  .fill(['SIGINT', 'SIGQUIT', 'SIGKILL'] as const)
  .flat();
const BATCHES = 30;

beforeEach(announceCase);

/** Every refusal says what is wrong with the database, and when to try again. */
function expectClear({ refusals }: Ledger): void {
  for (const refusal of refusals.keys()) expect(refusal).toMatch(/^OVERLOADED: The database/);
}

/** Milliseconds until the eight writers have stored a few batches again. */
async function untilStored(ledger: Ledger): Promise<number> {
  const startedAt = performance.now();
  await ledger.moreAcknowledged(BATCHES);
  return Math.round(performance.now() - startedAt);
}

async function isReady({ app }: TestApp): Promise<boolean> {
  return (await app.fetch(new Request('http://localhost/readyz'))).ok;
}

describeOnlyOn('postgresql', 'a server whose network to PostgreSQL fails', (database) => {
  test('says when to try again, and continues automatically', { timeout: TIMEOUT_MS }, async () => {
    const databaseUrl = await database.createMigratedUrl();
    const ledger = createLedger(SEED);
    const back: Record<string, number> = {};
    await using network = await openNetwork(databaseUrl);
    {
      await using app = await startApp({ database, databaseUrl: network.url });
      await using tail = await followLive(app.url);
      const writers = startWriters(app.url, ledger);
      for (const way of whileThereIsTime<(typeof WAYS)[number]>(WAYS)) {
        await ledger.moreAcknowledged(BATCHES);
        network[way]();
        await pause(AWAY_MS);
        network.heal();
        const seenBefore = tail.events;
        back[way] = await untilStored(ledger);
        await expect.poll(() => tail.events).toBeGreaterThan(seenBefore);
      }
      await writers.stop('FINISH');
      // Requests within one second share an answer, so this one may be from before.
      await expect.poll(() => isReady(app)).toBe(true);
    }
    expectClear(ledger);
    await expectAllStored(databaseUrl, ledger);
    report('PostgreSQL partitioned', { acknowledged: ledger.events, back, refusals: ledger.refusals });
  });
});

/** Only these tests use the server, because it takes seconds to create. */
describe.runIf(isLong && testedDialects().includes('postgresql'))('a server whose PostgreSQL ends', () => {
  let postgresql: FailingPostgresql;
  beforeAll(async () => {
    postgresql = await openFailingPostgresql();
  });
  afterAll(() => postgresql.close());
  const database = { dialect: 'postgresql' } as TestDatabase;

  test('loses nothing, and continues automatically when PostgreSQL is back', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const random = createRandom(SEED);
    const ledger = createLedger(SEED);
    const back: number[] = [];
    {
      await using app = await startApp({ database, databaseUrl: postgresql.url });
      const writers = startWriters(app.url, ledger);
      for (const end of whileThereIsTime(ENDS)) {
        await ledger.moreAcknowledged(random.integer(BATCHES, 3 * BATCHES));
        await postgresql.end(end);
        await pause(random.next() * 1_000);
        await postgresql.start();
        back.push(await untilStored(ledger));
      }
      await writers.stop('FINISH');
      await expect.poll(() => isReady(app)).toBe(true);
    }
    expectClear(ledger);
    await expectAllStored(postgresql.url, ledger);
    report('PostgreSQL ended: fast, immediate, kill -9', {
      ...{ ends: back.length, acknowledged: ledger.events, lost: 0, doubled: 0 },
      ...{ back: spread(back), refusals: ledger.refusals },
    });
  });
});
