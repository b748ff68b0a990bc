import { alertRules } from '../../../declarations/alerts/alert-rules.ts';
import { alerts } from '../../../declarations/alerts/alerts.ts';
import { addRelationToMany } from '../../../graphql/relations/relation-to-many.ts';
import { addRelationToOne } from '../../../graphql/relations/relation-to-one.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** Adds the relations from alerts to their rules and back. */
export function addAlert(types: TypeRegistry): void {
  addRelationToOne(types, {
    from: alerts,
    to: alertRules,
    key: 'ruleId',
    name: 'rule',
    description:
      'The current state of the rule that raised the alert; null if no rule did, or it was deleted.',
  });
  addRelationToMany(types, {
    from: alertRules,
    to: alerts,
    key: 'ruleId',
    name: 'alerts',
    description: 'The alerts that it raised. Newest first, unless `orderBy` says otherwise.',
  });
}
