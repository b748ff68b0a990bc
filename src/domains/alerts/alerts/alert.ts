import { derivedId } from '../../../core/ids.ts';
import { alertRules } from '../../../declarations/alerts/alert-rules.ts';
import { alerts } from '../../../declarations/alerts/alerts.ts';
import { entityType, selectColumns } from '../../../graphql/entities/entity.ts';
import { loadEntities } from '../../../graphql/entities/load-entities.ts';
import { addRelationToMany } from '../../../graphql/relations/relation-to-many.ts';
import { addRelationToOne } from '../../../graphql/relations/relation-to-one.ts';
import { selectionOf } from '../../../graphql/selection.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { checkAlertId } from './alert-id.ts';

/** Adds `alert`, and leads from alerts to their rules and back. */
export function addAlert(types: TypeRegistry): void {
  addAlertQuery(types);
  addRelationToOne(types, {
    from: alerts,
    to: alertRules,
    key: 'ruleId',
    name: 'rule',
    description: 'The rule that raised it, as it is now; null: none did, or it was deleted.',
  });
  addRelationToMany(types, {
    from: alertRules,
    to: alerts,
    key: 'ruleId',
    name: 'alerts',
    description: 'The alerts that it raised. The newest first, unless `orderBy` says otherwise.',
  });
}

function addAlertQuery(types: TypeRegistry): void {
  types.builder.queryField('alert', (t) =>
    t.field({
      type: entityType(types, alerts),
      nullable: true,
      description: 'The alert with that `alertId`; null when there is none.',
      args: {
        alertId: t.arg.string({ required: true, description: 'Identifies the alert in the project.' }),
      },
      resolve: async (_root, { alertId }, context, info) => {
        const id = derivedId(context.projectId, alerts.name, checkAlertId(alertId, 'alertId'));
        const select = selectColumns(info, alerts, selectionOf(info));
        return (await loadEntities(alerts, context, [id], select)).get(id) ?? null;
      },
    }),
  );
}
