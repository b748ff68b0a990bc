import { forgetFindings } from '../../../alerting/rules/forget-findings.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { ruleIdInput, rulePayload } from './payload.ts';
import { changeRule, ruleKey } from './stored-rules.ts';

/** Adds `deleteAlertRule`. */
export function addDeleteAlertRule(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputType('DeleteAlertRuleInput', {
    description: 'The rule to delete.',
    fields: ruleIdInput,
  });
  builder.mutationField('deleteAlertRule', (t) =>
    t.field({
      authScopes: { admin: true },
      type: rulePayload(types, 'deleteAlertRule', 'The rule in its last state.'),
      description: 'Deletes a rule. Its alerts remain; open alerts are resolved (RULE_CHANGED).',
      args: { input: t.arg({ type: input, required: true, description: 'The rule.' }) },
      resolve: (_root, args, context) => deleteAlertRule(context, args.input.ruleId),
    }),
  );
}

function deleteAlertRule(context: Context, ruleId: string): Promise<Entity> {
  return changeRule(context, ruleId, async (prisma, present) => {
    await forgetFindings(prisma, present);
    return prisma.alertRule.delete({ where: ruleKey(context, ruleId) });
  });
}
