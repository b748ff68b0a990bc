import { checkBetween } from '../../../core/check-between.ts';
import { derivedId } from '../../../core/ids.ts';
import { alertRules } from '../../../declarations/alerts/alert-rules.ts';
import { alerts } from '../../../declarations/alerts/alerts.ts';
import { type Entity, entityType, needsColumns, selectColumns } from '../../../graphql/entities/entity.ts';
import { createFieldBatches } from '../../../graphql/entities/field-batches.ts';
import { loadEntities } from '../../../graphql/entities/load-entities.ts';
import { selectionOf } from '../../../graphql/selection.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { type RuleState, readRuleStates } from './read-states.ts';

const DEFAULT_STATES = 100;
const MAX_STATES = 1_000;

const LEVELS = {
  OK: 'It is well, and remembered because its absence would mean something.',
  PENDING: 'A threshold is passed, and not yet for so long as the rule wants.',
  WARNING:
    'It fires: an alert of WARNING was raised, and it has not recovered. Or one of CRITICAL was, somebody resolved it by hand, and it ' +
    'is no worse than that since.',
  CRITICAL: 'It fires: an alert of CRITICAL was raised, and it has not recovered.',
} as const;

/** Adds `AlertRule.states`. */
export function addRuleStates(types: TypeRegistry): void {
  const load = createFieldBatches<string, readonly RuleState[]>();
  const type = stateType(types);
  types.builder.objectField(entityType(types, alertRules), 'states', (t) =>
    t.field({
      type: [type],
      description:
        'What its last evaluations found, group by group, the worst first. A group that is well is not among them, unless its ' +
        'absence would mean something.',
      args: {
        first: t.arg.int({
          defaultValue: DEFAULT_STATES,
          description: 'How many, 1 to 1,000. The rest is left out.',
        }),
      },
      extensions: needsColumns('ruleId'),
      resolve: async (rule, args, context, info) => {
        const first = checkBetween(args.first ?? DEFAULT_STATES, MAX_STATES, 'first');
        const found = await load(context, info, rule['ruleId'] as string, (ruleIds) =>
          readRuleStates(context, ruleIds, first),
        );
        return [...(found ?? [])];
      },
    }),
  );
}

function stateType(types: TypeRegistry) {
  const { builder } = types;
  const load = createFieldBatches<string, Entity>();
  const level = builder.enumType('AlertRuleLevel', {
    description: 'How a group of a rule does.',
    values: Object.fromEntries(
      Object.entries(LEVELS).map(([name, description]) => [name, { description }]),
    ) as Record<keyof typeof LEVELS, { description: string }>,
  });
  return builder.objectRef<RuleState>('AlertRuleState').implement({
    description: 'What a rule has found of one group.',
    fields: (t) => ({
      labels: t.field({
        type: 'JSON',
        description:
          'The values of the dimensions that the rule groups by, by name; {} when it does not group.',
        resolve: ({ labels }) => labels,
      }),
      level: t.field({ type: level, description: 'How it does.', resolve: levelOf }),
      since: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When its alert was raised, or a threshold was first passed; null: it is well.',
        resolve: ({ firedAt, warningSince }) => firedAt ?? warningSince,
      }),
      absentSince: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Since when there has been nothing to measure; null: there is.',
        resolve: (state) => state.absentSince,
      }),
      wellSince: t.field({
        type: 'DateTime',
        nullable: true,
        description:
          'Since when all has been well while its alert is still open: it recovers. Null: it does not.',
        resolve: (state) => state.wellSince,
      }),
      alert: t.field({
        type: entityType(types, alerts),
        nullable: true,
        description:
          'The alert that was raised; null: it does not fire. Somebody may have resolved it by hand.',
        resolve: async ({ alertId }, _args, context, info) => {
          if (alertId === null) return null;
          const id = derivedId(context.projectId, alerts.name, alertId);
          const found = await load(context, info, id, (ids) =>
            loadEntities(alerts, context, ids, selectColumns(info, alerts, selectionOf(info))),
          );
          return found ?? null;
        },
      }),
    }),
  });
}

function levelOf({ severity, warningSince }: RuleState): keyof typeof LEVELS {
  if (severity !== null) return severity as 'WARNING' | 'CRITICAL';
  return warningSince === null ? 'OK' : 'PENDING';
}
