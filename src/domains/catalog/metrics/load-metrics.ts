import type { GraphQLResolveInfo } from 'graphql';
import { metrics } from '../../../declarations/catalog/metrics.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { createEntityLoader } from '../../../graphql/entities/load-one.ts';
import { metricUuid } from '../catalog.ts';

/**
 * Loads a metric by its id in the catalog; null if there is none. One statement serves all parents
 * of the field.
 */
export function createMetricLoader() {
  const load = createEntityLoader(metrics);
  return (context: Context, info: GraphQLResolveInfo, metricId: string): Promise<Entity | null> =>
    load(context, info, metricUuid(context, metricId));
}
