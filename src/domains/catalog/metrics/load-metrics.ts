import type { GraphQLResolveInfo } from 'graphql';
import { metrics } from '../../../declarations/catalog/metrics.ts';
import type { Context } from '../../../graphql/context.ts';
import { type Entity, selectColumns } from '../../../graphql/entities/entity.ts';
import { createFieldBatches } from '../../../graphql/entities/field-batches.ts';
import { loadEntities } from '../../../graphql/entities/load-entities.ts';
import { selectionOf } from '../../../graphql/selection.ts';
import { metricUuid } from '../catalog.ts';

/**
 * Loads a metric by its id in the catalog; null if there is none. One statement for all parents of
 * the field.
 */
export function createMetricLoader() {
  const load = createFieldBatches<string, Entity>();
  return async (context: Context, info: GraphQLResolveInfo, metricId: string): Promise<Entity | null> => {
    const found = await load(context, info, metricUuid(context, metricId), (ids) =>
      loadEntities(metrics, context, ids, selectColumns(info, metrics, selectionOf(info))),
    );
    return found ?? null;
  };
}
