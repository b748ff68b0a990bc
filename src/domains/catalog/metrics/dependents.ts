import { metrics } from '../../../declarations/catalog/metrics.ts';
import type { Context } from '../../../graphql/context.ts';
import { addStateField, type Entity, entityType } from '../../../graphql/entities/entity.ts';
import { createFieldBatches } from '../../../graphql/entities/field-batches.ts';
import { loadEntities } from '../../../graphql/entities/load-entities.ts';
import { needs, type Select, selectEntities } from '../../../graphql/entities/selected.ts';
import { costsFirst } from '../../../graphql/limits/field-cost.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { checkPageSize, MAX_PAGE_SIZE } from '../../../lists/page.ts';
import { metricUuid } from '../catalog.ts';
import { readDependencies } from './dependencies.ts';
import { dependentsOf } from './dependency-graph.ts';

const DEFAULT_DEPENDENTS = 100;

/** Adds `Metric.dependents`. */
export function addDependents(types: TypeRegistry): void {
  const load = createFieldBatches<string, readonly Entity[]>();
  addStateField(types, metrics, 'dependents', (t) =>
    t.field({
      ...needs(metrics, ['metricId'], costsFirst(DEFAULT_DEPENDENTS)),
      type: [entityType(types, metrics)],
      description:
        'The metrics that name this one as a dependency, sorted by metric id. To page through ' +
        'more, query `metrics(filter: { dependencies: { has: … } })`.',
      args: {
        first: t.arg.int({
          defaultValue: DEFAULT_DEPENDENTS,
          description: `Maximum number of items per metric, 1 to ${MAX_PAGE_SIZE}.`,
        }),
      },
      resolve: async ({ metricId }, args, context, info) => {
        const first = checkPageSize(args.first, 'first') ?? DEFAULT_DEPENDENTS;
        const select = selectEntities(context, info, metrics);
        const found = await load(info, metricId, (metricIds) =>
          loadDependents(context, metricIds, { first, select }),
        );
        return found ?? [];
      },
    }),
  );
}

/** Two statements serve all metrics. */
async function loadDependents(
  context: Context,
  metricIds: readonly string[],
  { first, select }: { readonly first: number; readonly select: Select },
): Promise<ReadonlyMap<string, Entity[]>> {
  const dependents = dependentsOf(await readDependencies(context.services.store.prisma, context));
  const uuids = new Map(
    metricIds.map((metricId) => {
      const names = (dependents.get(metricId) ?? []).slice(0, first);
      return [metricId, names.map((name) => metricUuid(context, name))];
    }),
  );
  const wanted = [...new Set([...uuids.values()].flat())];
  const entities = await loadEntities(context, { table: metrics, ids: wanted, select });
  return new Map(
    [...uuids].map(([metricId, ids]) => [metricId, ids.flatMap((id) => entities.get(id) ?? [])]),
  );
}
