import { derivedId } from '../../../core/ids.ts';
import { alertRules } from '../../../declarations/alerts/alert-rules.ts';
import { type Entity, entityType, selectColumns } from '../../../graphql/entities/entity.ts';
import { createFieldBatches } from '../../../graphql/entities/field-batches.ts';
import { loadEntities } from '../../../graphql/entities/load-entities.ts';
import { selectionOf } from '../../../graphql/selection.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** Adds `alertRule`. */
export function addAlertRule(types: TypeRegistry): void {
  const load = createFieldBatches<string, Entity>();
  types.builder.queryField('alertRule', (t) =>
    t.field({
      type: entityType(types, alertRules),
      nullable: true,
      description: 'The alert rule with that id; null when there is none.',
      args: {
        ruleId: t.arg.string({ required: true, description: 'Its id, for example "slow-checkout".' }),
      },
      resolve: async (_root, { ruleId }, context, info) => {
        const id = derivedId(context.projectId, alertRules.name, ruleId);
        const found = await load(context, info, id, (ids) =>
          loadEntities(alertRules, context, ids, selectColumns(info, alertRules, selectionOf(info))),
        );
        return found ?? null;
      },
    }),
  );
}
