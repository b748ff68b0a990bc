import { metrics } from '../../../declarations/catalog/metrics.ts';
import { entityType } from '../../../graphql/entities/entity.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { GraphNode } from './dependency-graph.ts';
import { createMetricLoader } from './load-metrics.ts';

/** The type `MetricGraphNode`. */
export function graphNodeType(types: TypeRegistry) {
  const loadMetric = createMetricLoader();
  return types.builder.objectRef<GraphNode>('MetricGraphNode').implement({
    description: 'One name in a dependency graph.',
    fields: (t) => ({
      name: t.exposeString('name', {
        description: 'The id of a metric, or the name of something outside the catalog.',
      }),
      depth: t.exposeInt('depth', { description: 'The distance in steps, along the shortest path.' }),
      metric: t.field({
        type: entityType(types, metrics),
        nullable: true,
        description: 'The metric; null if the name is not in the catalog.',
        resolve: ({ name }, _args, context, info) => loadMetric(context, info, name),
      }),
    }),
  });
}
