import { Cron } from 'croner';
import type { Clock } from '../core/clock.ts';
import { DAY_MS, MINUTE_MS } from '../core/time/units.ts';
import type { Repetition, Schedule } from '../runtime/schedule.ts';
import type { Backups } from '../storage/backups/backups.ts';

/** Receives what was done. A pino logger is one. */
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
  /** Null: no other instance uses the database. */
  readonly shared: SharedBackups | null;
}

/** Lets one instance make a backup for all instances. */
export interface SharedBackups {
  /**
   * Runs work that other instances must not do at the same time; false if another one is doing it.
   */
  whileOthersWait(work: () => Promise<void>): Promise<boolean>;
  /**
   * Whether an instance has already made this backup for all, at most this many milliseconds before
   * the next one.
   */
  isMade(untilNextMs: number): Promise<boolean>;
  /** Notes that a backup was made for all. The next one follows in this many milliseconds. */
  noteMade(untilNextMs: number): Promise<void>;
}

/** Backups are due by the minute. An instance that dies while it makes one is replaced sooner. */
const POLL_INTERVAL_MS = 4_000;
const RETRY_AFTER_MS = 15 * MINUTE_MS;
/** The longest lease, for a pattern that never comes again. */
const LONGEST_LEASE_MS = 366 * DAY_MS;

/**
 * Makes a backup whenever the pattern says. A backup that was missed while no server ran is made at
 * the start; one that failed is tried again after a while.
 */
export function runScheduledBackups(options: ScheduledBackups): Repetition {
  const { backups, pattern, clock, schedule, log, shared } = options;
  const cron = new Cron(pattern, { paused: true, timezone: 'UTC' });
  const nextAfter = (instant: number): number =>
    cron.nextRun(new Date(instant))?.getTime() ?? Number.POSITIVE_INFINITY;
  let last: number | null = null;
  let retryAt = 0;

  async function newest(): Promise<number> {
    const scheduled = (await backups.list()).find(({ manifest }) => manifest?.reason === 'SCHEDULE');
    return scheduled?.createdAt ?? clock.now();
  }

  async function make(): Promise<void> {
    const { path, bytes } = await backups.make({ reason: 'SCHEDULE' });
    log.info({ path, bytes }, 'A scheduled backup was made');
  }

  /** @returns whether the backup that is due was made, by this instance or another one */
  async function makeOnce(now: number): Promise<boolean> {
    if (shared === null) {
      await make();
      return true;
    }
    const next = nextAfter(now);
    const untilNext = () => Math.min(next - clock.now(), LONGEST_LEASE_MS);
    return shared.whileOthersWait(async () => {
      if (await shared.isMade(untilNext())) return;
      await make();
      // Some minutes have passed. A lease any longer would make the next backup count as made, too.
      await shared.noteMade(untilNext());
    });
  }

  return schedule.repeat(POLL_INTERVAL_MS, async (signal) => {
    const now = clock.now();
    if (now < retryAt) return;
    try {
      last ??= await newest();
      if (nextAfter(last) > now) return;
      // Stopping does not wait for the copy: its remains are removed later.
      const isMade = await Promise.race([makeOnce(now), aborted(signal)]);
      if (isMade) last = now;
      retryAt = 0;
    } catch (err) {
      retryAt = now + RETRY_AFTER_MS;
      log.error({ err }, 'A scheduled backup failed; it will be retried in 15 minutes');
    }
  });
}

const aborted = (signal: AbortSignal): Promise<false> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(false);
    signal.addEventListener('abort', () => resolve(false), { once: true });
  });
