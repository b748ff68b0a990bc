import type { Analytics } from '../analytics/analytics.ts';
import type { Config } from '../config/config.ts';
import type { Coordination } from '../coordination/coordination.ts';
import type { Clock } from '../core/clock.ts';
import type { ProcessLoadSource } from '../runtime/process-load.ts';
import type { Store } from '../storage/store.ts';

/** The services from which health is assessed. */
export interface HealthServices {
  readonly config: Pick<Config, 'health'>;
  readonly clock: Clock;
  readonly store: Store;
  readonly analytics: Analytics;
  readonly processLoad: ProcessLoadSource;
  /** The coordination folder; absent if none is followed. */
  readonly coordination?: Pick<Coordination, 'status' | 'projectId'>;
}

/** The project whose health is read, and the services to read it from. */
export interface HealthScope {
  readonly services: HealthServices;
  readonly projectId: string;
}
