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
  lease?: ScheduledBackups['lease'];
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
      made.push(new Date(clock.now()).toISOString().slice(0, 16));
      return {} as Backup;
    },
  };
  const log = { info: () => {}, error: (_: object, message: string) => void problems.push(message) };
  const lease = options.lease ?? null;
  runScheduledBackups({ ...{ backups, pattern: '30 3 * * *', clock, schedule, log, lease } });
  const pass = async (milliseconds: number) => {
    clock.advance(milliseconds);
    await schedule.round();
  };
  return { made, problems, pass };
}

describe('scheduled backups', () => {
  it('are made when the pattern says, in UTC, once each', async () => {
    const { made, pass } = start({ at: '2026-11-22T03:00:00Z' });
    for (const step of [0, 29 * MINUTE, MINUTE, MINUTE, HOUR, 23 * HOUR]) await pass(step);
    expect(made).toEqual(['2026-11-22T03:30', '2026-11-23T03:31']);
  });

  it('that were missed are made at the start', async () => {
    const { made, pass } = start({ at: '2026-11-22T12:00:00Z', newest: '2026-11-21T03:30:00Z' });
    for (const step of [0, MINUTE]) await pass(step);
    expect(made).toEqual(['2026-11-22T12:00']);
  });

  it('that failed are tried again after a while', async () => {
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
    let holder: string | null = null;
    const leaseOf =
      (name: string): ScheduledBackups['lease'] =>
      () => ({
        async hold() {
          holder ??= name;
          return holder === name;
        },
        release: async () => {
          holder = null;
        },
      });
    const shared = { at: '2026-11-22T03:29:00Z' };
    const one = start({ ...shared, lease: leaseOf('one'), fails: () => true });
    const other = start({ ...shared, lease: leaseOf('other') });
    for (const { pass } of [one, other]) await pass(0);
    await one.pass(MINUTE);
    await other.pass(MINUTE);
    await one.pass(16 * MINUTE);
    expect([one.made, other.made]).toEqual([[], ['2026-11-22T03:30']]);
  });
});
