import type { Analytics } from '../analytics/analytics.ts';
import type { Config } from '../config/config.ts';
import type { Coordination } from '../coordination/coordination.ts';
import type { Clock } from '../core/clock.ts';
import type { ProcessLoadSource } from '../runtime/process-load.ts';
import type { Store } from '../storage/store.ts';

/** What the assessment of health reads. */
export interface HealthServices {
  readonly config: Pick<Config, 'health'>;
  readonly clock: Clock;
  readonly store: Store;
  readonly analytics: Analytics;
  readonly processLoad: ProcessLoadSource;
  /** The coordination folder; absent if the server follows none. */
  readonly coordination?: Pick<Coordination, 'status' | 'projectId'>;
}

/** The project to assess, and what to read for it. */
export interface HealthScope {
  readonly services: HealthServices;
  readonly projectId: string;
}
