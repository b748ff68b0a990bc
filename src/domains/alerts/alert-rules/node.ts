import { derivedId } from '../../../core/ids.ts';
import { createFieldBatches } from '../../../graphql/batch.ts';
import { type Entity, entityType, selectColumns } from '../../../graphql/dataset/entity.ts';
import { loadEntities } from '../../../graphql/dataset/load.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { selectionOf } from '../../../graphql/selection.ts';
import { alertRules } from './definition.ts';

/** Adds `alertRule`. */
export function addAlertRule(parts: Parts): void {
  const load = createFieldBatches<string, Entity>();
  parts.builder.queryField('alertRule', (t) =>
    t.field({
      type: entityType(parts, alertRules),
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
