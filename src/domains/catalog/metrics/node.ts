import { entityType } from '../../../graphql/dataset/entity.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { addRelationToMany } from '../../../graphql/dataset/relation-to-many.ts';
import { addRelationToOne } from '../../../graphql/dataset/relation-to-one.ts';
import { metricChanges } from '../metric-changes/definition.ts';
import { metricUsages } from '../metric-usages/definition.ts';
import { validationTests } from '../validation-tests/definition.ts';
import { metrics } from './definition.ts';
import { createMetricLoader } from './load-metrics.ts';

/** Adds `metric`, the lists of what belongs to a metric, and the way back from there. */
export function addMetric(parts: Parts): void {
  addMetricQuery(parts);
  addRelationToMany(parts, {
    from: metrics,
    to: metricChanges,
    key: 'metricId',
    name: 'history',
    description: 'What was changed in its definition. The newest first, unless `orderBy` says otherwise.',
  });
  addRelationToMany(parts, {
    from: metrics,
    to: validationTests,
    key: 'metricId',
    name: 'validationTests',
    description: 'The tests that it has to pass. The newest first, unless `orderBy` says otherwise.',
  });
  for (const table of [metricChanges, validationTests, metricUsages]) {
    addRelationToOne(parts, {
      from: table,
      to: metrics,
      key: 'metricId',
      description: 'The metric; null: the catalog has none with this id.',
    });
  }
}

function addMetricQuery(parts: Parts): void {
  const load = createMetricLoader();
  parts.builder.queryField('metric', (t) =>
    t.field({
      type: entityType(parts, metrics),
      nullable: true,
      description: 'The metric with that id; null when the catalog has none.',
      args: {
        metricId: t.arg.string({
          required: true,
          description: 'Its id in the catalog, for example "revenue_total".',
        }),
      },
      resolve: (_root, { metricId }, context, info) => load(context, info, metricId),
    }),
  );
}
