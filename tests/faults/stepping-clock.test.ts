import { beforeEach, expect, test } from 'vitest';
import { removeCopy } from '../../src/columns/copy-path.ts';
import type { Clock } from '../../src/core/clock.ts';
import { DAY_MS, HOUR_MS } from '../../src/core/time/units.ts';
import { fileOfCopy } from '../columns/support/copies.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { expectAllStored } from './support/check-stored.ts';
import { announceCase, isLong, SEED, TIMEOUT_MS, whileThereIsTime } from './support/extent.ts';
import { report } from './support/figures.ts';
import { createLedger, DATASETS } from './support/ledger.ts';
import { AHEAD, startWriters } from './support/writers.ts';

/**
 * Each step stays wrong until the next one. A server that is behind by more than a day rejects
 * current events.
 */
const STEPS = isLong
  ? [-2 * HOUR_MS, 3 * HOUR_MS, -DAY_MS, 30 * DAY_MS, -1_000, 0, 60_000, -400 * DAY_MS, 0]
  : [-2 * HOUR_MS, 3 * HOUR_MS, -400 * DAY_MS, 0];
const BATCHES = 15;

beforeEach(announceCase);

const RULE = {
  ...{ ruleId: 'busy', name: 'Many calls', dataset: 'llmCalls', aggregate: 'COUNT' },
  ...{ comparator: 'GT', warning: 2, window: 'PT1M' },
};
const ALERTS = '{ alerts { totalCount } }';

/** The datasets for which the columnar copy lacks events, or has not checked. */
async function lackingCopies({ url }: TestApp): Promise<string[]> {
  const metrics = await (await fetch(new URL('/metrics', url))).text();
  return DATASETS.filter((name) => !metrics.includes(`telltale_columns_lag_events{dataset="${name}"} 0\n`));
}

const readiness = async ({ app }: TestApp) =>
  (await app.fetch(new Request('http://localhost/readyz'))).status;

describeEachDatabase('a server whose clock is set back and forward under eight writers', (database) => {
  test('keeps everything in order of arrival, and raises at most one alert per step', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const ledger = createLedger(SEED);
    let offset = 0;
    const clock: Clock = { now: () => Date.now() + offset };
    const databaseUrl = await database.createMigratedUrl();
    const copyFile = fileOfCopy(databaseUrl);
    let alerts: number;
    let steps = 0;
    {
      await using app = await startApp({
        ...{ database, databaseUrl, clock },
        environment: { COLUMN_STORE: 'on', COLUMN_STORE_FILE: copyFile },
      });
      await app.query(
        'mutation ($input: CreateAlertRuleInput!) { createAlertRule(input: $input) { rule { id } } }',
        { input: RULE },
      );
      const writers = startWriters(app.url, ledger);
      await ledger.moreAcknowledged(BATCHES);
      for (const step of whileThereIsTime(STEPS)) {
        steps++;
        const refusals = ledger.refusals.get(AHEAD) ?? 0;
        offset = step;
        // On a busy machine, the first answer may be that the database answers late.
        await expect.poll(() => readiness(app)).toBe(200);
        if (step < -DAY_MS) await expect.poll(() => ledger.refusals.get(AHEAD)).toBeGreaterThan(refusals);
        else await ledger.moreAcknowledged(BATCHES);
      }
      offset = 0;
      await ledger.moreAcknowledged(BATCHES);
      await writers.stop('FINISH');
      await expect.poll(() => lackingCopies(app)).toEqual([]);
      ({ totalCount: alerts } = (await app.query<{ alerts: { totalCount: number } }>(ALERTS)).alerts);
      expect(alerts).toBeLessThanOrEqual(steps + 1);
      expect(app.log.filter(({ msg }) => String(msg).startsWith('Unexpected'))).toEqual([]);
    }
    expect([...ledger.refusals.keys()]).toEqual([AHEAD]);
    await expectAllStored(databaseUrl, ledger, copyFile);
    removeCopy(copyFile);
    report(`clock set (${database.dialect})`, { steps, acknowledged: ledger.events, alerts });
  });
});
