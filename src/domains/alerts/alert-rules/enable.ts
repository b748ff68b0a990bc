import { forgetFindings } from '../../../alerting/rules/forget-findings.ts';
import { NOT_EVALUATED } from '../../../alerting/rules/rule.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { nextInstant } from '../../../graphql/states/next-instant.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { ruleIdInput, rulePayload } from './payload.ts';
import { changeRule, ruleKey } from './stored-rules.ts';

/** Adds `enableAlertRule`. */
export function addEnableAlertRule(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputType('EnableAlertRuleInput', {
    description: 'The rule to enable or disable.',
    fields: (t) => ({
      ...ruleIdInput(t),
      enabled: t.boolean({ required: true, description: 'Whether the rule is evaluated.' }),
    }),
  });
  builder.mutationField('enableAlertRule', (t) =>
    t.field({
      authScopes: { admin: true },
      type: rulePayload(types, 'enableAlertRule', 'The rule as it is now.'),
      description:
        'Enables or disables a rule. Disabling it resolves its alerts (RULE_CHANGED); enabling it ' +
        'starts its evaluation from scratch.',
      args: { input: t.arg({ type: input, required: true, description: 'The rule.' }) },
      resolve: (_root, { input: { ruleId, enabled } }, context) => enableAlertRule(context, ruleId, enabled),
    }),
  );
}

function enableAlertRule(context: Context, ruleId: string, enabled: boolean): Promise<Entity> {
  return changeRule(context, ruleId, async (prisma, present) => {
    if (present.enabled === enabled) return present;
    if (!enabled) await forgetFindings(prisma, present);
    return prisma.alertRule.update({
      where: ruleKey(context, ruleId),
      data: { enabled, ...NOT_EVALUATED, updatedAt: nextInstant(context, present) },
    });
  });
}
