import { forgetFindings } from '../../../alerting/rules/forget-findings.ts';
import { NOT_EVALUATED } from '../../../alerting/rules/rule.ts';
import { alertRules } from '../../../declarations/alerts/alert-rules.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { changeInputs } from '../../../graphql/events/event-input.ts';
import { nextInstant } from '../../../graphql/states/next-instant.ts';
import { toPrismaData, toPrismaValues } from '../../../graphql/states/state-values.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { changedFields, changesFindings, updatableColumns } from './difference.ts';
import { ruleIdInput, rulePayload } from './payload.ts';
import { changeRule, requireWebhooks, ruleKey } from './stored-rules.ts';
import { withSlo } from './with-slo.ts';

interface UpdateAlertRuleInput extends Readonly<Record<string, unknown>> {
  readonly ruleId: string;
}

/** Adds `updateAlertRule`. */
export function addUpdateAlertRule(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputRef<UpdateAlertRuleInput>('UpdateAlertRuleInput').implement({
    description: 'The rule to change, and the fields to change. Omitted fields keep their values.',
    fields: (t) => ({ ...ruleIdInput(t), ...changeInputs(types, t, updatableColumns) }),
  });
  builder.mutationField('updateAlertRule', (t) =>
    t.field({
      authScopes: { admin: true },
      type: rulePayload(types, 'updateAlertRule', 'The rule as it is now.'),
      description:
        'Changes a rule. If that changes what the rule measures or when it raises alerts, its ' +
        'alerts are resolved (RULE_CHANGED) and its evaluation starts from scratch. They stay open ' +
        'if only `name`, `description`, `type`, `recoverAfter`, `renotify` or `webhooks` change. ' +
        'Setting a field to its current value changes nothing.',
      args: { input: t.arg({ type: input, required: true, description: 'The change.' }) },
      resolve: (_root, args, context) => updateAlertRule(context, args.input),
    }),
  );
}

function updateAlertRule(context: Context, { ruleId, ...fields }: UpdateAlertRuleInput): Promise<Entity> {
  const { stateChecks } = context.services;
  const { toRule } = context.services.alerting;
  const wanted = toPrismaValues(alertRules, stateChecks.toChanges(alertRules, fields));
  return changeRule(context, ruleId, async (prisma, present) => {
    const given = wanted['dataset'] === undefined ? null : String(wanted['dataset']);
    const { definition, slo } = await withSlo(prisma, { ...present, ...wanted }, given);
    const changed = changedFields(present, definition);
    if (changed.length === 0) return present;
    toRule(definition, slo);
    const changes = Object.fromEntries(
      Object.entries(definition).filter(([field]) => changed.includes(field)),
    );
    if (changed.includes('webhooks')) await requireWebhooks(prisma, context, changes['webhooks'] as string[]);
    if (changesFindings(changed)) await forgetFindings(prisma, present);
    return prisma.alertRule.update({
      where: ruleKey(context, ruleId),
      data: toPrismaData(alertRules, {
        ...changes,
        ...NOT_EVALUATED,
        updatedAt: nextInstant(context, present),
      }),
    });
  });
}
