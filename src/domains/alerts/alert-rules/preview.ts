import type { Preview } from '../../../alerting/rules/preview.ts';
import type { Rule, StoredRule } from '../../../alerting/rules/rule.ts';
import { checkBetween } from '../../../core/check-between.ts';
import { toDuration } from '../../../core/time/duration.ts';
import { alertRules } from '../../../declarations/alerts/alert-rules.ts';
import { analyticsSource } from '../../../graphql/analytics/source.ts';
import { readTimeRange, timeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import type { Context } from '../../../graphql/context.ts';
import { toEntity } from '../../../graphql/entities/entity.ts';
import { columnInputs } from '../../../graphql/events/event-input.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { ruleColumns } from './difference.ts';
import { firingType } from './firing-type.ts';

const DEFAULT_FIRINGS = 100;
const MAX_FIRINGS = 1_000;
/** Adds `previewAlertRule`. */
export function addAlertRulePreview(types: TypeRegistry): void {
  const input = previewInput(types);
  const type = previewType(types);
  types.builder.queryField('previewAlertRule', (t) =>
    t.field({
      type,
      description:
        'When a rule would have fired, had it been there: it is looked at again and again over history, as rules are over the ' +
        'present, from a rule that is well at the start of the range. Nothing is stored and nobody is told.',
      args: {
        input: t.arg({ type: input, required: true, description: 'The rule.' }),
        range: t.arg({
          type: timeRangeInput(types),
          required: true,
          description:
            'From when to when, at most 10,080 looks. What is still to come is not looked at, nor what retention has removed.',
        }),
      },
      resolve: (_root, args, context): Promise<Preview> => {
        const { clock } = context.services;
        const { previewRule } = context.services.alerting;
        return previewRule(readRule(context, args.input), readTimeRange(args.range, clock.now()));
      },
    }),
  );
}

/** The same input tries a rule and creates it; a rule that is only tried needs no name. */
function previewInput(types: TypeRegistry) {
  return types.builder.inputRef<Record<string, unknown>>('PreviewAlertRuleInput').implement({
    description:
      'A rule to be tried: what `createAlertRule` takes. Who the rule is, whom it tells and whether it is enabled do not matter here.',
    fields: (t) =>
      ({
        ...columnInputs(types, t, ruleColumns),
        ruleId: t.string({ description: 'A rule that is tried needs none.' }),
        name: t.string({ description: 'A rule that is tried needs none.' }),
      }) as never,
  });
}

/** @throws InvalidArgument at `input.<field>`. */
function readRule({ projectId, services }: Context, input: Readonly<Record<string, unknown>>): Rule {
  const named = { ...input, ruleId: input['ruleId'] ?? 'preview', name: input['name'] ?? 'Preview' };
  const row = services.stateChecks.toRow(alertRules, projectId, named);
  return services.alerting.toRule(toEntity(alertRules, row) as unknown as StoredRule);
}

function previewType(types: TypeRegistry) {
  const { builder } = types;
  return builder.objectRef<Preview>('AlertRulePreview').implement({
    description: 'When a rule would have fired over a range of time.',
    fields: (t) => ({
      range: t.field({
        type: timeRange(types),
        description:
          'What was looked at: the range that was asked for up to the last look in it, without the beginning of which retention has ' +
          'removed what the window would have held.',
        resolve: ({ range }) => range,
      }),
      step: t.field({
        type: 'Duration',
        description:
          'From one look to the next: "PT10S" with a window below a minute, "PT1M" up to an hour, "PT5M" below a day, else "PT1H"; ' +
          'longer in a long range, and never longer than the window. Looks are on full steps in UTC.',
        resolve: ({ step }) => toDuration(step),
      }),
      evaluations: t.exposeInt('evaluations', { description: 'How often each group was looked at.' }),
      firings: t.field({
        type: [firingType(types)],
        description: 'The alerts that it would have raised, in the order in which they fired.',
        args: {
          first: t.arg.int({
            defaultValue: DEFAULT_FIRINGS,
            description: 'How many, 1 to 1,000. The rest is left out.',
          }),
        },
        resolve: ({ alerts }, { first }) =>
          alerts.slice(0, checkBetween(first ?? DEFAULT_FIRINGS, MAX_FIRINGS, 'first')),
      }),
      firingCount: t.int({
        description: 'How many alerts it would have raised.',
        resolve: ({ alerts }) => alerts.length,
      }),
      firingTime: t.field({
        type: 'Duration',
        description: 'How long at least one of them was open.',
        resolve: ({ firingMs }) => toDuration(firingMs),
      }),
      firingShare: t.float({
        description: 'The same as a share of `range`, 0 to 1.',
        resolve: ({ firingMs, range }) => firingMs / (range.to - range.from),
      }),
      groups: t.exposeInt('groups', {
        description:
          'How many groups were looked at: at most 20, those with the most events. Without `groupBy` 1.',
      }),
      groupsLeftOut: t.exposeBoolean('groupsLeftOut', { description: 'True: there are more groups.' }),
      source: t.field({
        type: analyticsSource(types),
        description: 'Where the numbers came from.',
        resolve: ({ source }) => source,
      }),
    }),
  });
}
