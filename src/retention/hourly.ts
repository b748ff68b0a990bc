import type { Repetition, Schedule } from '../runtime/schedule.ts';
import type { Retention } from './retention.ts';

/**
 * Policies are days: an hour sooner or later does not matter, and one that was changed takes hold
 * within it.
 */
const INTERVAL_MS = 3_600_000;

/** Where runs tell what they did. A pino logger is one. */
export interface RetentionLog {
  info(details: object, message: string): void;
  error(details: object, message: string): void;
}

/**
 * Runs retention now and every hour. A run that fails is logged; the next one goes on from where it
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
