import { checkBetween } from '../../../core/check-between.ts';
import { InvalidArgument } from '../../../core/errors.ts';
import { metrics } from '../../../declarations/catalog/metrics.ts';
import { addStateField } from '../../../graphql/entities/entity.ts';
import { needs } from '../../../graphql/entities/selected.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { type GraphEdge, type Walk, type WalkOptions, walkGraph } from './dependency-graph.ts';
import { graphNodeType } from './graph-node.ts';
import { createDependencyLoader } from './load-dependencies.ts';

const DEFAULT_DEPTH = 10;
const MAX_DEPTH = 100;
/** More than anybody reads, and few enough to load all of them. */
const MAX_NODES = 1000;

/** Adds `Metric.dependencyGraph`. */
export function addDependencyGraph(types: TypeRegistry): void {
  const type = graphType(types);
  const direction = directionEnum(types);
  const loadDependencies = createDependencyLoader();
  addStateField(types, metrics, 'dependencyGraph', (t) =>
    t.field({
      ...needs(metrics, ['metricId']),
      type,
      description:
        `What the metric depends on, or what depends on it, step by step; at most ${MAX_NODES} ` +
        'names. CONFLICT if the stored dependencies form a cycle, with its names in ' +
        '`extensions.cycle`.',
      args: {
        direction: t.arg({
          type: direction,
          defaultValue: 'dependencies',
          description: 'The direction to walk.',
        }),
        depth: t.arg.int({
          defaultValue: DEFAULT_DEPTH,
          description: `Maximum number of steps from the metric, 1 to ${MAX_DEPTH}.`,
        }),
      },
      resolve: async ({ metricId }, args, context, info) => {
        const depth = checkBetween(args.depth ?? DEFAULT_DEPTH, MAX_DEPTH, 'depth');
        const options: WalkOptions = { depth, direction: args.direction ?? 'dependencies' };
        const dependencies = await loadDependencies(context, info);
        return checkSize(walkGraph(dependencies, metricId, options), depth);
      },
    }),
  );
}

function directionEnum({ builder }: TypeRegistry) {
  return builder.enumType('DependencyDirection', {
    description: 'The direction to walk from a metric.',
    values: {
      DEPENDENCIES: { value: 'dependencies', description: 'Towards what it depends on.' },
      DEPENDENTS: { value: 'dependents', description: 'Towards the metrics that depend on it.' },
    } as const,
  });
}

function graphType(types: TypeRegistry) {
  const node = graphNodeType(types);
  const edge = edgeType(types);
  return types.builder.objectRef<Walk>('MetricGraph').implement({
    description: 'Metrics and their dependencies.',
    fields: (t) => ({
      nodes: t.field({
        type: [node],
        description: 'The names that were reached: the metric itself, then the others, nearest first.',
        resolve: ({ nodes }) => nodes,
      }),
      edges: t.field({
        type: [edge],
        description: 'Every dependency between two of the nodes.',
        resolve: ({ edges }) => edges,
      }),
    }),
  });
}

function edgeType({ builder }: TypeRegistry) {
  return builder.objectRef<GraphEdge>('MetricGraphEdge').implement({
    description: 'One dependency. Its direction does not depend on how the graph was walked.',
    fields: (t) => ({
      from: t.exposeString('from', { description: 'The name that depends on the other.' }),
      to: t.exposeString('to', { description: 'The name that it depends on.' }),
    }),
  });
}

/** @throws InvalidArgument if the graph is too large for an answer. */
function checkSize(graph: Walk, depth: number): Walk {
  if (graph.nodes.length <= MAX_NODES) return graph;
  throw new InvalidArgument(
    `The graph has ${graph.nodes.length} names within ${depth} steps; at most ${MAX_NODES} are ` +
      'allowed. Choose a smaller `depth`, or page through `metrics(filter: { dependencies: { ' +
      'has: … } })`.',
    'depth',
  );
}
