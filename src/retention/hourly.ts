import type { Clock } from '../core/clock.ts';
import { createClockSteps } from '../runtime/clock-steps.ts';
import type { Repetition, Schedule } from '../runtime/schedule.ts';
import type { Retention } from './retention.ts';
import { RUN_EVERY_MS } from './runs.ts';

/**
 * If the clock was set forward by more than this, data that should be kept looks expired. Somebody
 * may correct the mistake within the hour, but removed data would not come back.
 */
const MAX_FORWARD_MS = 60_000;

/** The log of the runs. A pino logger is one. */
export interface RetentionLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface HourlyOptions {
  readonly schedule: Schedule;
  readonly log: RetentionLog;
  readonly clock: Clock;
  /** A monotonic clock, in milliseconds. */
  readonly passed?: () => number;
  /** Null: no other instance uses the database. Default: null. */
  readonly shared?: SharedRun | null;
}

/** Lets one instance run retention for all. */
export interface SharedRun {
  /**
   * Runs work that other instances must not do at the same time; false if another one is doing it.
   */
  whileOthersWait(work: () => Promise<void>): Promise<boolean>;
  /** Whether an instance has died while it did the work. */
  isLeft(): Promise<boolean>;
  readonly pollIntervalMs: number;
}

/**
 * Runs retention now and every hour. A run that fails is logged; the next run continues where it
 * ended. After the clock was set forward, one run is skipped, and until the next one no other
 * instance's work is taken over.
 */
export function runHourly(
  retention: Pick<Retention, 'run'>,
  { schedule, log, clock, passed, shared = null }: HourlyOptions,
): Repetition {
  const steps = createClockSteps(clock, passed);
  /** By how much the clock was set since the last hour. */
  let setMs = 0;
  let isDoubtful = false;

  async function attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (err) {
      log.error({ err }, 'Retention failed; it will be retried in an hour');
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    const removals = await retention.run({ signal, startedBy: 'SERVER' });
    const removed = removals.filter(({ rows, cells }) => rows + cells > 0);
    if (removed.length > 0) log.info({ removed }, 'Retention removed what had expired');
  }

  const hourly = schedule.repeat(RUN_EVERY_MS, async (signal) => {
    const stepMs = Math.round(setMs + steps());
    setMs = 0;
    isDoubtful = stepMs > MAX_FORWARD_MS;
    if (isDoubtful) {
      log.warn({ stepMs }, 'The clock was set forward; retention waits an hour, in case that is a mistake');
      return;
    }
    await attempt(() => (shared === null ? run(signal) : shared.whileOthersWait(() => run(signal))));
  });
  if (shared === null) return hourly;
  const left = schedule.repeat(shared.pollIntervalMs, (signal) =>
    attempt(async () => {
      setMs += steps();
      // By a clock that was set forward, work that another instance still does looks abandoned,
      // too.
      if (isDoubtful || setMs > MAX_FORWARD_MS) return;
      if (await shared.isLeft()) await shared.whileOthersWait(() => run(signal));
    }),
  );
  return { stop: async () => void (await Promise.all([hourly.stop(), left.stop()])) };
}
