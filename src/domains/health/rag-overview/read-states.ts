import type { Interval } from '../../../core/time/range.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/dataset/entity.ts';
import { loadEntities } from '../../../graphql/dataset/load.ts';
import { findNewestPerService } from '../../../graphql/dataset/newest-per-service.ts';
import { ragMetrics } from '../rag-metrics/definition.ts';

/** The newest row of a service in the range: the columns that were asked for. */
export interface RagState extends Entity {
  readonly timestamp: Date;
  readonly totalPatterns: number;
  readonly totalQueries: number;
  readonly averageResponseTimeMs: number | null;
  /** Share of 1. */
  readonly hitRate: number | null;
  readonly queryVolumeLastHour: number;
  /** As the client sent them. */
  readonly topPatterns: unknown;
  readonly recentQueries: unknown;
}

/** The newest row of each service in the range, the one that reported last first. */
export async function readRagStates(
  context: Context,
  range: Interval,
  select: Readonly<Record<string, true>>,
): Promise<readonly RagState[]> {
  const scope = { dataset: ragMetrics, projectId: context.projectId, before: range.to };
  const newest = await findNewestPerService(context.services.store, scope);
  const ids = newest.map(({ id }) => id);
  const columns = { ...select, id: true, timestamp: true } as const;
  const entities = await loadEntities(ragMetrics, context, ids, columns);
  return [...(entities.values() as Iterable<RagState>)]
    .filter(({ timestamp }) => timestamp.getTime() >= range.from)
    .sort(
      (one, other) => other.timestamp.getTime() - one.timestamp.getTime() || (one.id < other.id ? 1 : -1),
    );
}
