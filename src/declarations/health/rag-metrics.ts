import { float, integer, json } from '../../core/dataset/column.ts';
import { defineDataset } from '../../core/dataset/dataset.ts';

/** How retrieval-augmented generation does (source 4, `rag_metrics`). */
export const ragMetrics = defineDataset({
  name: 'ragMetrics',
  entity: 'RagMetric',
  table: 'rag_metrics',
  description:
    'How a store for retrieval-augmented generation did at one instant: its size, its use, its hits.',
  columns: {
    totalPatterns: integer({
      role: 'measure',
      default: 0,
      description: 'Patterns that it holds. Default: 0.',
    }),
    totalQueries: integer({
      role: 'measure',
      default: 0,
      description: 'Queries that it has answered since it started. Default: 0.',
    }),
    averageResponseTimeMs: float({
      role: 'measure',
      optional: true,
      quantiles: true,
      description: 'Mean time of an answer, in milliseconds.',
    }),
    hitRate: float({
      role: 'measure',
      optional: true,
      max: 1,
      description: 'Share of the queries that found something, 0 to 1.',
    }),
    memoryUsage: float({ role: 'measure', optional: true, description: 'Memory in bytes.' }),
    queryVolumeLastHour: integer({
      role: 'measure',
      default: 0,
      description: 'Queries of the hour before. Default: 0.',
    }),
    topPatterns: json({
      optional: true,
      anyJson: true,
      description: 'The patterns that were found most: a list of `{ pattern, count }`, or of names.',
    }),
    recentQueries: json({ optional: true, anyJson: true, description: 'The last queries, as a list.' }),
  },
  rollups: [{ dimensions: [] }, { dimensions: ['service', 'environment'] }],
  retention: { rows: 30 },
});
