import { describe, expect, it, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/config.ts';
import { runHourly } from '../../src/retention/hourly.ts';
import type { Retention } from '../../src/retention/retention.ts';
import { createLogger } from '../../src/server/logger.ts';
import { callGroup, NOON } from '../storage/support/calls.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startApp } from '../support/start-app.ts';
import { createTestClock } from '../support/test-clock.ts';
import { createTestSchedule } from '../support/test-schedule.ts';
import { contentsOf, DAY_MS, daysAgo } from './support/expiring.ts';

describe('runHourly', () => {
  function recorder() {
    const lines: unknown[] = [];
    const note = (details: object, message: string) => lines.push([details, message]);
    return { lines, log: { info: note, warn: note, error: note } };
  }
  const clock = createTestClock(NOON);
  const doing = (run: Retention['run']) => ({ run }) as Retention;

  it('logs what was removed, and nothing if nothing was removed', async () => {
    const [schedule, { lines, log }] = [createTestSchedule(), recorder()];
    let rows = 3;
    const retention = doing(async () => [
      { dataset: 'a', rows: rows--, cells: 0, archived: 0, from: null, until: null },
      { dataset: 'b', rows: 0, cells: 0, archived: 0, from: null, until: null },
    ]);
    runHourly(retention, { schedule, log, clock });
    expect(schedule.intervals).toEqual([3_600_000]);
    for (let round = 0; round < 5; round++) await schedule.round();
    expect(lines).toEqual(
      [3, 2, 1].map((count) => [
        { removed: [{ dataset: 'a', rows: count, cells: 0, archived: 0, from: null, until: null }] },
        'Retention removed what had expired',
      ]),
    );
  });

  it('logs a failure, and runs again', async () => {
    const [schedule, { lines, log }] = [createTestSchedule(), recorder()];
    const err = new Error('disk full');
    runHourly(
      doing(() => Promise.reject(err)),
      { schedule, log, clock },
    );
    await schedule.round();
    await schedule.round();
    expect(lines).toEqual([1, 2].map(() => [{ err }, 'Retention failed; it will be retried in an hour']));
  });

  it('skips a run after the clock was set forward, so that a mistake can be corrected', async () => {
    const [schedule, { lines, log }] = [createTestSchedule(), recorder()];
    let [runs, passedMs] = [0, 0];
    const set = createTestClock(NOON);
    const retention = doing(async () => {
      runs++;
      return [];
    });
    runHourly(retention, { schedule, log, clock: set, passed: () => passedMs });
    const hourLater = async (setMs = 0): Promise<number> => {
      passedMs += 3_600_000;
      set.advance(3_600_000 + setMs);
      await schedule.round();
      return runs;
    };
    expect([await hourLater(), await hourLater(30_000), await hourLater(-DAY_MS)]).toEqual([1, 2, 3]);
    expect([await hourLater(40 * DAY_MS), await hourLater(-40 * DAY_MS)]).toEqual([3, 4]);
    expect([await hourLater(DAY_MS), await hourLater()]).toEqual([4, 5]);
    expect(lines).toEqual([
      [{ stepMs: 40 * DAY_MS }, expect.stringContaining('The clock was set forward')],
      [{ stepMs: DAY_MS }, expect.stringContaining('The clock was set forward')],
    ]);
  });

  it('runs in one of several instances: another one runs it, or continues for one that has died', async () => {
    const [schedule, { log }] = [createTestSchedule(), recorder()];
    let [runs, isTaken, isLeft] = [0, true, false];
    const retention = doing(async () => {
      runs++;
      return [];
    });
    const shared = {
      async whileOthersWait(work: () => Promise<void>) {
        if (!isTaken) await work();
        return !isTaken;
      },
      isLeft: async () => isLeft,
      pollIntervalMs: 4_000,
    };
    runHourly(retention, { schedule, log, clock, shared });
    await schedule.round();
    expect([runs, schedule.intervals]).toEqual([0, [3_600_000, 4_000]]);
    [isTaken, isLeft] = [false, true];
    await schedule.round();
    isLeft = false;
    await schedule.round();
    // Twice by the hour, and once for the rest.
    expect(runs).toBe(3);
  });

  it('takes nothing over while the clock may be wrong', async () => {
    const [schedule, { log }] = [createTestSchedule(), recorder()];
    const set = createTestClock(NOON);
    let runs = 0;
    const retention = doing(async () => {
      runs++;
      return [];
    });
    const shared = {
      whileOthersWait: (work: () => Promise<void>) => work().then(() => true),
      isLeft: async () => true,
      pollIntervalMs: 4_000,
    };
    runHourly(retention, { schedule, log, clock: set, passed: () => 0, shared });
    await schedule.round();
    expect(runs).toBe(2);
    set.advance(40 * DAY_MS);
    await schedule.round();
    expect(runs).toBe(2);
    await schedule.round();
    expect(runs).toBe(4);
  });

  it('ends the run when it is stopped', async () => {
    const [schedule, { log }] = [createTestSchedule(), recorder()];
    const repetition = runHourly(
      doing(
        ({ signal } = {}) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve([]))),
      ),
      { schedule, log, clock },
    );
    const round = schedule.round();
    await Promise.all([repetition.stop(), round]);
    expect(schedule.intervals).toEqual([]);
  });
});

describeEachDatabase('the app', (database) => {
  test('removes what has expired at its start', async () => {
    const clock = createTestClock(NOON);
    let databaseUrl: string;
    {
      await using first = await startApp({ database, clock });
      databaseUrl = first.databaseUrl;
      await first.app.services.store.append([callGroup(daysAgo(20), daysAgo(91))]);
    }
    await using second = await startApp({
      database,
      databaseUrl,
      clock,
      environment: { RETENTION_DAYS: '10' },
    });
    await second.waitForLog({ msg: 'Retention removed what had expired' });
    expect((await contentsOf(second.app.services.store)).rows).toEqual([]);
  });

  test('removes on schedule while it runs, but not before it listens and not after it stopped', async () => {
    const [clock, schedule] = [createTestClock(NOON), createTestSchedule()];
    const config = loadConfig({ DATABASE_URL: await database.createUrl(), PORT: '0', LOG_LEVEL: 'silent' });
    const app = await createApp(config, { clock, schedule, logger: createLogger(config.log) });
    const { store } = app.services;
    try {
      expect(schedule.intervals).toEqual([]);
      await app.start();
      expect(schedule.intervals).toContain(3_600_000);
      await store.append([callGroup(daysAgo(90), daysAgo(0))]);
      await schedule.round();
      expect((await contentsOf(store)).rows).toEqual([0, 90]);
      clock.advance(DAY_MS);
      await schedule.round();
      expect((await contentsOf(store)).rows, 'the clock may be wrong').toEqual([0, 90]);
      await schedule.round();
      expect((await contentsOf(store)).rows).toEqual([0]);
    } finally {
      await app.stop();
    }
    expect(schedule.intervals).toEqual([]);
  });
});
