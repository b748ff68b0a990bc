import { Cron } from 'croner';
import type { Clock } from '../core/clock.ts';
import type { Repetition, Schedule } from '../runtime/schedule.ts';
import type { Backups } from '../storage/backups/backups.ts';

/** Where it is told what is done. A pino logger is one. */
export interface BackupLog {
  info(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface ScheduledBackups {
  readonly backups: Pick<Backups, 'list' | 'make'>;
  /** A cron pattern, in UTC. */
  readonly pattern: string;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: BackupLog;
  /**
   * Gives the lease that an instance holds for so many milliseconds, so that one makes a backup for
   * all. Null: no other instance uses the database.
   */
  readonly lease: ((durationMs: number) => { hold(): Promise<boolean>; release(): Promise<void> }) | null;
}

/** Backups are due by the minute. */
const LOOK_EVERY_MS = 20_000;
const RETRY_AFTER_MS = 15 * 60_000;
/** The longest lease, of a pattern that never comes again. */
const LONGEST_LEASE_MS = 366 * 86_400_000;

/**
 * Makes a backup whenever the pattern says. One that was missed while no server ran is made at the
 * start; one that failed is tried again after a while.
 */
export function runScheduledBackups(options: ScheduledBackups): Repetition {
  const { backups, pattern, clock, schedule, log, lease } = options;
  const cron = new Cron(pattern, { paused: true, timezone: 'UTC' });
  const nextAfter = (instant: number): number =>
    cron.nextRun(new Date(instant))?.getTime() ?? Number.POSITIVE_INFINITY;
  let last: number | null = null;
  let retryAt = 0;

  async function newest(): Promise<number> {
    const scheduled = (await backups.list()).find(({ manifest }) => manifest?.reason === 'SCHEDULE');
    return scheduled?.createdAt ?? clock.now();
  }

  async function makeOnce(now: number): Promise<void> {
    const untilNext = Math.min(nextAfter(now) - now, LONGEST_LEASE_MS);
    const held = lease?.(untilNext);
    if (held !== undefined && !(await held.hold())) return;
    try {
      const { path, bytes } = await backups.make({ reason: 'SCHEDULE' });
      log.info({ path, bytes }, 'A scheduled backup was made');
    } catch (error) {
      await held?.release();
      throw error;
    }
  }

  return schedule.repeat(LOOK_EVERY_MS, async (signal) => {
    const now = clock.now();
    if (now < retryAt) return;
    try {
      last ??= await newest();
      if (nextAfter(last) > now) return;
      // A stop does not wait for the copy: what is left of it is removed later.
      await Promise.race([makeOnce(now), aborted(signal)]);
      last = now;
      retryAt = 0;
    } catch (err) {
      retryAt = now + RETRY_AFTER_MS;
      log.error({ err }, 'A scheduled backup failed; it will be retried in 15 minutes');
    }
  });
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
