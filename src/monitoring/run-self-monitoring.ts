import { MINUTE_MS } from '../core/time/units.ts';
import type { Repetition, Schedule } from '../runtime/schedule.ts';
import type { SelfMonitoring } from './self-monitoring.ts';

/** The log of the runs. A pino logger fits. */
export interface MonitoringLog {
  error(details: object, message: string): void;
}

/**
 * Records a sample of the server each minute. A failure is logged, and the sample is recorded
 * later.
 */
export function runSelfMonitoring(
  monitoring: SelfMonitoring,
  schedule: Schedule,
  log: MonitoringLog,
): Repetition {
  return schedule.repeat(MINUTE_MS, async (signal) => {
    try {
      await monitoring.run();
    } catch (err) {
      // A stopping server ends its reads.
      if (!signal.aborted) log.error({ err }, 'The health of the server itself could not be recorded yet');
    }
  });
}
