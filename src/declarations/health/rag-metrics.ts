import { float, integer, json } from '../../core/dataset/column.ts';
import { defineDataset } from '../../core/dataset/dataset.ts';

/** The state of retrieval-augmented generation (source 4, `rag_metrics`). */
export const ragMetrics = defineDataset({
  name: 'ragMetrics',
  entity: 'RagMetric',
  table: 'rag_metrics',
  undivided: true,
  description:
    'The state of a store for retrieval-augmented generation at one instant: its size, use and hit rate.',
  columns: {
    totalPatterns: integer({
      role: 'measure',
      default: 0,
      description: 'Number of stored patterns. Default: 0.',
    }),
    totalQueries: integer({
      role: 'measure',
      default: 0,
      description: 'Number of queries answered since the start. Default: 0.',
    }),
    averageResponseTimeMs: float({
      role: 'measure',
      optional: true,
      quantiles: true,
      description: 'Mean response time, in milliseconds.',
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
      description: 'Number of queries in the preceding hour. Default: 0.',
    }),
    topPatterns: json({
      optional: true,
      anyJson: true,
      description: 'The most frequent patterns: a list of `{ pattern, count }`, or of names.',
    }),
    recentQueries: json({
      optional: true,
      anyJson: true,
      description: 'The most recent queries, as a list.',
    }),
  },
  rollups: [{ dimensions: [] }, { dimensions: ['service', 'environment'] }],
  retention: { rows: 30 },
});
