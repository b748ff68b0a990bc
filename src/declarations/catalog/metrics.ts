import { float, integer, text, texts } from '../../core/dataset/column.ts';
import { NOT_BLANK } from '../../core/dataset/not-blank.ts';
import { defineState } from '../../core/dataset/state.ts';
import { metricId } from './metric-id.ts';

/** The catalog of semantic metrics (source 2, `metrics`). */
export const metrics = defineState({
  name: 'metrics',
  entity: 'Metric',
  table: 'metrics',
  description: 'The definition of a metric: what it means, how it is calculated, who answers for it.',
  naturalKey: 'metricId',
  byKey: {
    description: 'The metric with that id; null when the catalog has none.',
    key: 'Its id in the catalog, for example "revenue_total".',
  },
  columns: {
    metricId: metricId({
      sortable: true,
      description: 'Its id in the catalog, for example "revenue_total".',
    }),
    name: text({ pattern: NOT_BLANK, sortable: true, description: 'What people call it.' }),
    description: text({ optional: true, maxLength: 10_000, description: 'What it means.' }),
    calculation: text({
      verbatim: true,
      optional: true,
      maxLength: 20_000,
      description: 'How it is calculated: a formula or a query, as text.',
    }),
    owner: text({
      optional: true,
      sortable: true,
      description: 'Who answers for it, for example "@revenue-team".',
    }),
    dataSource: text({ optional: true, maxLength: 1000, description: 'Where its data comes from.' }),
    tags: texts({ default: '[]', description: 'Words to find it by.' }),
    dependencies: texts({
      verbatim: true,
      default: '[]',
      maxItems: 200,
      description:
        'What it is made from: ids of other metrics, or names of anything outside the catalog, such as "transactions.amount".',
    }),
    trustScore: float({
      default: 0,
      max: 100,
      sortable: true,
      description: 'How far it can be trusted, 0 to 100. Default: 0.',
    }),
    testCount: integer({
      source: 'server',
      default: 0,
      sortable: true,
      description:
        'How many validation tests it has. They are no part of the definition: `version` and `updatedAt` stay.',
    }),
    version: integer({
      source: 'server',
      default: 1,
      description:
        'Counts the states of the definition, from 1. Give it as `expectedVersion` when you change or delete the metric.',
    }),
  },
  searched: ['name', 'description', 'calculation'],
});
