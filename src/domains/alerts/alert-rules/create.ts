import { InvalidArgument, TelltaleError } from '../../../core/errors.ts';
import { alertRules } from '../../../declarations/alerts/alert-rules.ts';
import type { Context } from '../../../graphql/context.ts';
import { type Entity, toState } from '../../../graphql/entities/entity.ts';
import { columnInputs } from '../../../graphql/events/event-input.ts';
import { presentState, toPrismaData } from '../../../graphql/states/state-values.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { ruleColumns } from './difference.ts';
import { rulePayload } from './payload.ts';
import { requireWebhooks, ruleKey } from './stored-rules.ts';
import { withSlo } from './with-slo.ts';

/** The id under which the states of the health of the project are stored. */
const RESERVED_ID = 'health';

/** Adds `createAlertRule`. */
export function addCreateAlertRule(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputRef<Record<string, unknown>>('CreateAlertRuleInput').implement({
    description: 'A new alert rule.',
    fields: (t) => columnInputs(types, t, ruleColumns),
  });
  builder.mutationField('createAlertRule', (t) =>
    t.field({
      authScopes: { admin: true },
      type: rulePayload(types, 'createAlertRule', 'The new rule.'),
      description:
        'Adds a rule. The server evaluates it from now on, after new events of its dataset and at ' +
        'regular intervals. CONFLICT if a rule with this `ruleId` exists: `extensions.current` ' +
        'holds its current state.',
      args: { input: t.arg({ type: input, required: true, description: 'The rule.' }) },
      resolve: (_root, args, context) => createAlertRule(context, args.input),
    }),
  );
}

/**
 * Stores a new rule.
 *
 * @throws InvalidArgument if the rule is not valid, CONFLICT if a rule with its id exists.
 */
export function createAlertRule(
  context: Pick<Context, 'services' | 'projectId'>,
  input: Readonly<Record<string, unknown>>,
): Promise<Entity> {
  const { stateChecks } = context.services;
  const { alertBook, toRule } = context.services.alerting;
  const rule = toState(alertRules, stateChecks.toRow(alertRules, context.projectId, input));
  const { ruleId, webhooks } = rule;
  if (ruleId === RESERVED_ID)
    throw new InvalidArgument(
      `"${RESERVED_ID}" is reserved for health alerts: choose another id.`,
      'input.ruleId',
    );
  return alertBook.change(context.projectId, async (_writer, prisma) => {
    const { definition, slo } = await withSlo(prisma, rule);
    toRule(definition, slo);
    const present = await prisma.alertRule.findUnique({ where: ruleKey(context, ruleId) });
    if (present !== null) {
      throw new TelltaleError('CONFLICT', `The alert rule "${ruleId}" already exists: update it instead.`, {
        argument: 'input.ruleId',
        current: presentState(alertRules, present),
      });
    }
    await requireWebhooks(prisma, context, webhooks);
    return prisma.alertRule.create({ data: toPrismaData(alertRules, definition) });
  });
}
