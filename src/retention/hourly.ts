import type { Repetition, Schedule } from '../runtime/schedule.ts';
import type { Retention } from './retention.ts';

/**
 * Policies count days, so an hour does not matter; a changed policy takes effect within an hour.
 */
const INTERVAL_MS = 3_600_000;

/** The log of the runs. A pino logger is one. */
export interface RetentionLog {
  info(details: object, message: string): void;
  error(details: object, message: string): void;
}

/**
 * Runs retention now and every hour. A run that fails is logged; the next run continues where it
 * ended.
 */
export function runHourly(retention: Retention, schedule: Schedule, log: RetentionLog): Repetition {
  return schedule.repeat(INTERVAL_MS, async (signal) => {
    try {
      const removals = await retention.run({ signal });
      const removed = removals.filter(({ rows, cells }) => rows + cells > 0);
      if (removed.length > 0) log.info({ removed }, 'Retention removed what had expired');
    } catch (err) {
      log.error({ err }, 'Retention failed; it will be retried in an hour');
    }
  });
}
