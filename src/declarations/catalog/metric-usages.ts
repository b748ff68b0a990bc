import { text } from '../../core/dataset/column.ts';
import { defineDataset } from '../../core/dataset/dataset.ts';

/** Uses of the catalog's metrics (source 2, `metric_usage`). */
export const metricUsages = defineDataset({
  name: 'metricUsages',
  entity: 'MetricUsage',
  table: 'metric_usages',
  description: 'One use of a metric from the catalog: which metric, by whom, for what.',
  columns: {
    metricId: text({
      verbatim: true,
      role: 'dimension',
      description: 'The metric, by its id in the catalog. It need not exist yet.',
    }),
    usedBy: text({ role: 'dimension', description: 'Who used it: a person, a dashboard, a service.' }),
    context: text({
      optional: true,
      maxLength: 2000,
      truncate: true,
      description: 'What the metric was used for. Secrets are masked.',
    }),
  },
  indexed: ['metricId'],
  rollups: [
    { dimensions: [] },
    { dimensions: ['metricId'] },
    { dimensions: ['service', 'environment'] },
    { dimensions: ['metricId', 'usedBy', 'service', 'environment'], grains: ['HOUR', 'DAY'] },
  ],
});
