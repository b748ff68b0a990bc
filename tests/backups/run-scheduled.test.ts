import { describe, expect, it } from 'vitest';
import { runScheduledBackups, type ScheduledBackups } from '../../src/backups/run-scheduled.ts';
import type { Backup } from '../../src/storage/backups/backup.ts';
import { createTestClock } from '../support/test-clock.ts';
import { createTestSchedule } from '../support/test-schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The backups of an instance, made daily at 03:30. */
function start(options: {
  at: string;
  newest?: string;
  fails?: () => boolean;
  shared?: ScheduledBackups['shared'];
  make?: () => Promise<void>;
}) {
  const clock = createTestClock(options.at);
  const schedule = createTestSchedule();
  const made: string[] = [];
  const problems: string[] = [];
  const manifest = { reason: 'SCHEDULE' } as Backup['manifest'];
  const backups: ScheduledBackups['backups'] = {
    list: async () =>
      options.newest === undefined ? [] : [{ createdAt: Date.parse(options.newest), manifest } as Backup],
    async make() {
      if (options.fails?.()) throw new Error('no room');
      await options.make?.();
      made.push(new Date(clock.now()).toISOString().slice(0, 16));
      return {} as Backup;
    },
  };
  const log = { info: () => {}, error: (_: object, message: string) => void problems.push(message) };
  const shared = options.shared ?? null;
  runScheduledBackups({ ...{ backups, pattern: '30 3 * * *', clock, schedule, log, shared } });
  const pass = async (milliseconds: number) => {
    clock.advance(milliseconds);
    await schedule.round();
  };
  return { made, problems, pass, clock };
}

describe('scheduled backups', () => {
  it('are made once at each time of the pattern, in UTC', async () => {
    const { made, pass } = start({ at: '2026-11-22T03:00:00Z' });
    for (const step of [0, 29 * MINUTE, MINUTE, MINUTE, HOUR, 23 * HOUR]) await pass(step);
    expect(made).toEqual(['2026-11-22T03:30', '2026-11-23T03:31']);
  });

  it('that were missed are made at the start', async () => {
    const { made, pass } = start({ at: '2026-11-22T12:00:00Z', newest: '2026-11-21T03:30:00Z' });
    for (const step of [0, MINUTE]) await pass(step);
    expect(made).toEqual(['2026-11-22T12:00']);
  });

  it('that failed are retried after a while', async () => {
    let fails = true;
    const { made, problems, pass } = start({
      at: '2026-11-22T03:30:00Z',
      newest: '2026-11-21T03:30:00Z',
      fails: () => fails,
    });
    await pass(0);
    fails = false;
    for (const step of [MINUTE, 13 * MINUTE]) await pass(step);
    expect(made).toEqual([]);
    await pass(MINUTE);
    expect(made).toEqual(['2026-11-22T03:45']);
    expect(problems).toHaveLength(1);
  });

  it('are made by one of several instances, and by another if that one fails', async () => {
    const { shared: turns } = createTurns();
    const shared = { at: '2026-11-22T03:29:00Z' };
    const one = start({ ...shared, shared: turns, fails: () => true });
    const other = start({ ...shared, shared: turns });
    for (const { pass } of [one, other]) await pass(0);
    await one.pass(MINUTE);
    await other.pass(MINUTE);
    await one.pass(16 * MINUTE);
    expect([one.made, other.made]).toEqual([[], ['2026-11-22T03:30']]);
  });

  it('that take long do not count as the next ones', async () => {
    let madeUntil = 0;
    const shared: ScheduledBackups['shared'] = {
      whileOthersWait: (work) => work().then(() => true),
      isMade: async () => one.clock.now() < madeUntil,
      noteMade: async (untilNextMs) => {
        madeUntil = one.clock.now() + untilNextMs;
      },
    };
    const make = async () => one.clock.advance(10 * MINUTE);
    const one = start({ at: '2026-11-22T03:29:00Z', shared, make });
    for (const step of [0, MINUTE, 24 * HOUR - 10 * MINUTE]) await one.pass(step);
    expect(one.made).toEqual(['2026-11-22T03:40', '2026-11-23T03:40']);
  });

  it('are made by another instance soon after the one that was making it has died', async () => {
    const turns = createTurns();
    const at = '2026-11-22T03:29:00Z';
    const dying = start({ at, shared: turns.shared, make: () => new Promise(() => undefined) });
    const [other, late] = [start({ at, shared: turns.shared }), start({ at, shared: turns.shared })];
    for (const { pass } of [dying, other, late]) await pass(0);
    void dying.pass(MINUTE);
    await other.pass(MINUTE);
    expect(other.made).toEqual([]);
    turns.forget();
    await other.pass(4_000);
    await late.pass(MINUTE + 8_000);
    await other.pass(HOUR);
    expect([other.made, late.made]).toEqual([['2026-11-22T03:30'], []]);
  });
});

/**
 * The state that instances share. `forget` simulates that the instance that makes a backup dies.
 */
function createTurns() {
  let [isUnderWay, isMade] = [false, false];
  const shared: NonNullable<ScheduledBackups['shared']> = {
    async whileOthersWait(work) {
      if (isUnderWay) return false;
      isUnderWay = true;
      await work().finally(() => {
        isUnderWay = false;
      });
      return true;
    },
    isMade: async () => isMade,
    noteMade: async () => {
      isMade = true;
    },
  };
  const forget = () => {
    isUnderWay = false;
  };
  return { shared, forget };
}
