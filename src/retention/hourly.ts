import type { Repetition, Schedule } from '../runtime/schedule.ts';
import type { Retention } from './retention.ts';
import { RUN_EVERY_MS } from './runs.ts';

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
  return schedule.repeat(RUN_EVERY_MS, async (signal) => {
    try {
      const removals = await retention.run({ signal, startedBy: 'SERVER' });
      const removed = removals.filter(({ rows, cells }) => rows + cells > 0);
      if (removed.length > 0) log.info({ removed }, 'Retention removed what had expired');
    } catch (err) {
      log.error({ err }, 'Retention failed; it will be retried in an hour');
    }
  });
}
