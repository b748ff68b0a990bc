import type { HealthConfig } from '../../../config/health-config.ts';
import { assess, type HealthStatus, worstOf } from '../../../core/health-status.ts';
import type { Event } from '../../import/events.ts';
import type { MachineUse } from './sampler.ts';

/** Who takes the samples, and which usage counts as bad. */
export interface Origin {
  readonly service: string;
  /** Null: none. */
  readonly environment: string | null;
  readonly thresholds: Pick<HealthConfig, 'cpuUsage' | 'memoryUsage' | 'diskUsage'>;
}

/** The machine's status: the worst of the figures that it reports. */
export function statusOf(use: MachineUse, thresholds: Origin['thresholds']): HealthStatus {
  const reported = (['cpuUsage', 'memoryUsage', 'diskUsage'] as const).flatMap((name) =>
    use[name] === null ? [] : [assess(use[name], thresholds[name])],
  );
  return worstOf(reported);
}

/** A sample as `recordHealthSamples` takes it. Its id makes it safe to send again. */
export function toEvent(use: MachineUse, { service, environment, thresholds }: Origin, at: EventKey): Event {
  const { fullestDisk, ...usages } = use;
  const reported = Object.entries(usages).filter(([, value]) => value !== null);
  return {
    id: at.id,
    timestamp: new Date(at.time).toISOString(),
    service,
    ...(environment !== null && { environment }),
    overallStatus: statusOf(use, thresholds),
    ...Object.fromEntries(reported),
    ...(fullestDisk !== null && { details: { fullestDisk } }),
  };
}

export interface EventKey {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly time: number;
}
