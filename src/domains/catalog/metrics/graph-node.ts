import type { GraphNode } from '../../../core/dependency-graph.ts';
import { entityType } from '../../../graphql/dataset/entity.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { metrics } from './definition.ts';
import { createMetricLoader } from './load-metrics.ts';

/** `MetricGraphNode`. */
export function graphNodeType(parts: Parts) {
  const loadMetric = createMetricLoader();
  return parts.builder.objectRef<GraphNode>('MetricGraphNode').implement({
    description: 'One name of a graph of dependencies.',
    fields: (t) => ({
      name: t.exposeString('name', {
        description: 'The id of a metric, or the name of something outside the catalog.',
      }),
      depth: t.exposeInt('depth', { description: 'How many steps it is away, on the shortest way.' }),
      metric: t.field({
        type: entityType(parts, metrics),
        nullable: true,
        description: 'The metric; null: the name is none of the catalog.',
        resolve: ({ name }, _args, context, info) => loadMetric(context, info, name),
      }),
    }),
  });
}
