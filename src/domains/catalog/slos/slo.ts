import { alertRules } from '../../../declarations/alerts/alert-rules.ts';
import { metrics } from '../../../declarations/catalog/metrics.ts';
import { slos } from '../../../declarations/catalog/slos.ts';
import { addStateField } from '../../../graphql/entities/entity.ts';
import { needs } from '../../../graphql/entities/selected.ts';
import { addRelationToMany } from '../../../graphql/relations/relation-to-many.ts';
import { addRelationToOne } from '../../../graphql/relations/relation-to-one.ts';
import { startSlo } from '../../../graphql/slos/slo-analysis.ts';
import { costsStatus } from '../../../graphql/slos/slo-cost.ts';
import { sloStatus } from '../../../graphql/slos/slo-status.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** Adds `Slo.status`, and the relations of SLOs to metrics and alert rules. */
export function addSlo(types: TypeRegistry): void {
  const type = sloStatus(types);
  addStateField(types, slos, 'status', (t) =>
    t.field({
      ...needs(slos, ['sloId', 'dataset', 'filter', 'good', 'objective', 'window'], costsStatus),
      type,
      description: 'How well the SLO is met now, and how much of its error budget is left.',
      resolve: (slo, _args, context) => startSlo(context.services.alerting.toSlo(slo), context),
    }),
  );
  addRelationToOne(types, {
    from: slos,
    to: metrics,
    key: 'metricId',
    description: 'The metric that the objective is about; null if it names none, or none in the catalog.',
  });
  addRelationToMany(types, {
    from: metrics,
    to: slos,
    key: 'metricId',
    name: 'slos',
    description: 'The SLOs about the metric. Newest first, unless `orderBy` says otherwise.',
  });
  addRelationToOne(types, {
    from: alertRules,
    to: slos,
    key: 'sloId',
    description: 'The SLO that the rule evaluates; null if the rule evaluates something else.',
  });
  addRelationToMany(types, {
    from: slos,
    to: alertRules,
    key: 'sloId',
    name: 'alertRules',
    description: 'The rules that evaluate its burn rate. Newest first, unless `orderBy` says otherwise.',
  });
}
