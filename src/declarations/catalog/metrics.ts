import { float, integer, text, texts } from '../../core/dataset/column.ts';
import { NOT_BLANK } from '../../core/dataset/not-blank.ts';
import { defineState } from '../../core/dataset/state.ts';
import { metricId } from './metric-id.ts';

/** The catalog of semantic metrics (source 2, `metrics`). */
export const metrics = defineState({
  name: 'metrics',
  entity: 'Metric',
  table: 'metrics',
  description: 'The definition of a metric: its meaning, its calculation, and who is responsible for it.',
  naturalKey: 'metricId',
  byKey: {
    description: 'The metric with this id; null if the catalog has none.',
    key: 'The id of the metric in the catalog, for example "revenue_total".',
  },
  columns: {
    metricId: metricId({
      sortable: true,
      description: 'The id of the metric in the catalog, for example "revenue_total".',
    }),
    name: text({ pattern: NOT_BLANK, sortable: true, description: 'The display name.' }),
    description: text({ optional: true, maxLength: 10_000, description: 'The meaning of the metric.' }),
    calculation: text({
      verbatim: true,
      optional: true,
      maxLength: 20_000,
      description: 'The calculation: a formula or a query, as text.',
    }),
    owner: text({
      optional: true,
      sortable: true,
      description: 'Who is responsible for the metric, for example "@revenue-team".',
    }),
    dataSource: text({ optional: true, maxLength: 1000, description: 'The source of the metric’s data.' }),
    tags: texts({ default: '[]', description: 'Keywords to find it by.' }),
    dependencies: texts({
      verbatim: true,
      default: '[]',
      maxItems: 200,
      description:
        'What the metric is calculated from: ids of other metrics, or names of anything ' +
        'outside the catalog, such as "transactions.amount".',
    }),
    trustScore: float({
      default: 0,
      max: 100,
      sortable: true,
      description: 'How trustworthy the metric is, 0 to 100. Default: 0.',
    }),
    testCount: integer({
      source: 'server',
      default: 0,
      sortable: true,
      description:
        'Number of its validation tests. They are not part of the definition: `version` and ' +
        '`updatedAt` do not change with them.',
    }),
    version: integer({
      source: 'server',
      default: 1,
      description:
        'The version of the definition, from 1. Pass it as `expectedVersion` when you change ' +
        'or delete the metric.',
    }),
  },
  searched: ['name', 'description', 'calculation'],
});
