import type { Interval } from '../../../core/time/range.ts';
import { ragMetrics } from '../../../declarations/health/rag-metrics.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { loadEntities } from '../../../graphql/entities/load-entities.ts';
import type { Select } from '../../../graphql/entities/selected.ts';
import { findNewestPerService } from '../../../lists/newest-per-service.ts';

/** The newest row of a service in the range, with the selected columns. */
export interface RagState extends Entity {
  readonly totalPatterns: number;
  readonly totalQueries: number;
  readonly averageResponseTimeMs: number | null;
  /** From 0 to 1. */
  readonly hitRate: number | null;
  readonly queryVolumeLastHour: number;
  /** As the client sent them. */
  readonly topPatterns: unknown;
  readonly recentQueries: unknown;
}

/** The newest row of each service in the range, starting with the service that reported last. */
export async function readRagStates(
  context: Context,
  range: Interval,
  select: Select,
): Promise<readonly RagState[]> {
  const scope = { dataset: ragMetrics, projectId: context.projectId, range };
  const newest = await findNewestPerService(context.services.store, scope);
  const ids = newest.map(({ id }) => id);
  const entities = await loadEntities(context, { table: ragMetrics, ids, select });
  return [...newest]
    .sort((one, other) => other.lastSeenAt - one.lastSeenAt || (one.id < other.id ? 1 : -1))
    .flatMap(({ id }) => {
      const state = entities.get(id);
      // Retention may have removed the row meanwhile.
      return state === undefined ? [] : [state as RagState];
    });
}
