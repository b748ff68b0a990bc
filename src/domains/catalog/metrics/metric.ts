import { metricChanges } from '../../../declarations/catalog/metric-changes.ts';
import { metricUsages } from '../../../declarations/catalog/metric-usages.ts';
import { metrics } from '../../../declarations/catalog/metrics.ts';
import { validationTests } from '../../../declarations/catalog/validation-tests.ts';
import { addRelationToMany } from '../../../graphql/relations/relation-to-many.ts';
import { addRelationToOne } from '../../../graphql/relations/relation-to-one.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** Adds the lists of a metric's history and tests, and the relations back to the metric. */
export function addMetric(types: TypeRegistry): void {
  addRelationToMany(types, {
    from: metrics,
    to: metricChanges,
    key: 'metricId',
    name: 'history',
    description: 'The changes of its definition. Newest first, unless `orderBy` says otherwise.',
  });
  addRelationToMany(types, {
    from: metrics,
    to: validationTests,
    key: 'metricId',
    name: 'validationTests',
    description: 'The tests that the metric must pass. Newest first, unless `orderBy` says otherwise.',
  });
  for (const table of [metricChanges, validationTests, metricUsages]) {
    addRelationToOne(types, {
      from: table,
      to: metrics,
      key: 'metricId',
      description: 'The metric; null if the catalog has none with this id.',
    });
  }
}
