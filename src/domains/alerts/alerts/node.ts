import { derivedId } from '../../../core/ids.ts';
import { entityType, selectColumns } from '../../../graphql/dataset/entity.ts';
import { loadEntities } from '../../../graphql/dataset/load.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { addRelationToMany } from '../../../graphql/dataset/relation-to-many.ts';
import { addRelationToOne } from '../../../graphql/dataset/relation-to-one.ts';
import { selectionOf } from '../../../graphql/selection.ts';
import { alertRules } from '../alert-rules/definition.ts';
import { checkAlertId } from './alert-id.ts';
import { alerts } from './definition.ts';

/** Adds `alert`, and leads from alerts to their rules and back. */
export function addAlert(parts: Parts): void {
  addAlertQuery(parts);
  addRelationToOne(parts, {
    from: alerts,
    to: alertRules,
    key: 'ruleId',
    name: 'rule',
    description: 'The rule that raised it, as it is now; null: none did, or it was deleted.',
  });
  addRelationToMany(parts, {
    from: alertRules,
    to: alerts,
    key: 'ruleId',
    name: 'alerts',
    description: 'The alerts that it raised. The newest first, unless `orderBy` says otherwise.',
  });
}

function addAlertQuery(parts: Parts): void {
  parts.builder.queryField('alert', (t) =>
    t.field({
      type: entityType(parts, alerts),
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
