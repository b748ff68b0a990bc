import type { Interval } from '../../../core/time/range.ts';
import type { Context } from '../../../graphql/context.ts';
import { requestLogs } from '../../traffic/request-logs/definition.ts';
import { decideHealth, type HealthDecision } from './decide-health.ts';

export interface Health extends HealthDecision {
  readonly requests: number;
  readonly window: Interval;
  /** Epoch milliseconds. */
  readonly checkedAt: number;
}

/** The health of the caller's project now, from the requests of the configured window. */
export async function readHealth({ projectId, services }: Context): Promise<Health> {
  const { health: thresholds } = services.config;
  const checkedAt = services.clock.now();
  const window = { from: checkedAt - thresholds.windowMs, to: checkedAt };
  const scope = { dataset: requestLogs, projectId, range: window, filter: null };
  const { rowCount, successCount } = (await services.analytics.totals(scope, [])).value;
  const counts = { requests: rowCount, errors: rowCount - (successCount ?? 0) };
  return { ...decideHealth(counts, thresholds), requests: rowCount, window, checkedAt };
}
