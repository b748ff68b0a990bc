import { checkBetween } from '../../../core/check-between.ts';
import { derivedId } from '../../../core/ids.ts';
import { alertRules } from '../../../declarations/alerts/alert-rules.ts';
import { alerts } from '../../../declarations/alerts/alerts.ts';
import { enumValues } from '../../../graphql/entities/column-types.ts';
import { addStateField, entityType } from '../../../graphql/entities/entity.ts';
import { createFieldBatches } from '../../../graphql/entities/field-batches.ts';
import { createEntityLoader } from '../../../graphql/entities/load-one.ts';
import { needs } from '../../../graphql/entities/selected.ts';
import { costsFirst } from '../../../graphql/limits/field-cost.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { type RuleState, readRuleStates } from './read-states.ts';

const DEFAULT_STATES = 100;
const MAX_STATES = 1_000;

const LEVELS = {
  OK: 'No threshold is crossed. The group is remembered because its absence would raise an alert.',
  PENDING: 'A threshold is crossed, but not yet for as long as the rule requires.',
  WARNING:
    'The rule fires: a WARNING alert was raised, and the group has not recovered. Or a CRITICAL ' +
    'alert was resolved by hand, and the group has not been worse than WARNING since.',
  CRITICAL: 'The rule fires: a CRITICAL alert was raised, and the group has not recovered.',
} as const;

/** Adds `AlertRule.states`. */
export function addRuleStates(types: TypeRegistry): void {
  const load = createFieldBatches<string, readonly RuleState[]>();
  const type = ruleStateType(types);
  addStateField(types, alertRules, 'states', (t) =>
    t.field({
      ...needs(alertRules, ['ruleId'], costsFirst(DEFAULT_STATES, MAX_STATES)),
      type: [type],
      description:
        'The result of the last evaluations per group, worst first. Groups in state OK are ' +
        'omitted, unless their absence would raise an alert.',
      args: {
        first: t.arg.int({
          defaultValue: DEFAULT_STATES,
          description: 'Maximum number of items, 1 to 1,000. The rest is omitted.',
        }),
      },
      resolve: async ({ ruleId }, args, context, info) => {
        const first = checkBetween(args.first ?? DEFAULT_STATES, MAX_STATES, 'first');
        const found = await load(info, ruleId, (ruleIds) => readRuleStates(context, ruleIds, first));
        return [...(found ?? [])];
      },
    }),
  );
}

function ruleStateType(types: TypeRegistry) {
  const { builder } = types;
  const loadAlert = createEntityLoader(alerts);
  const level = builder.enumType('AlertRuleLevel', {
    description: 'The state of a group of a rule.',
    values: enumValues(LEVELS),
  });
  return builder.objectRef<RuleState>('AlertRuleState').implement({
    description: 'The state of one group of a rule.',
    fields: (t) => ({
      labels: t.field({
        type: 'JSON',
        description:
          'The values of the dimensions that the rule groups by, keyed by name; {} if it does not group.',
        resolve: ({ labels }) => labels,
      }),
      level: t.field({ type: level, description: 'The level of the group.', resolve: levelOf }),
      since: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When the alert was raised, or a threshold was first crossed; null at level OK.',
        resolve: ({ firedAt, warningSince }) => firedAt ?? warningSince,
      }),
      absentSince: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Since when data has been missing; null if it is not missing.',
        resolve: (state) => state.absentSince,
      }),
      wellSince: t.field({
        type: 'DateTime',
        nullable: true,
        description:
          'Since when the group has been recovering while its alert is still open; null if it ' +
          'is not recovering.',
        resolve: (state) => state.wellSince,
      }),
      alert: t.field({
        type: entityType(types, alerts),
        nullable: true,
        description:
          'The alert that was raised; null if the rule does not fire for the group. It may have ' +
          'been resolved by hand.',
        resolve: ({ alertId }, _args, context, info) =>
          alertId === null
            ? null
            : loadAlert(context, info, derivedId(context.projectId, alerts.name, alertId)),
      }),
    }),
  });
}

function levelOf({ severity, warningSince }: RuleState): keyof typeof LEVELS {
  if (severity !== null) return severity as 'WARNING' | 'CRITICAL';
  return warningSince === null ? 'OK' : 'PENDING';
}
