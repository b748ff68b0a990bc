import type { Preview } from '../../../alerting/rules/preview.ts';
import type { Rule } from '../../../alerting/rules/rule.ts';
import { checkBetween } from '../../../core/check-between.ts';
import { toDuration } from '../../../core/time/duration.ts';
import { alertRules } from '../../../declarations/alerts/alert-rules.ts';
import { analyticsSource } from '../../../graphql/analytics/source.ts';
import { readTimeRange, timeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import type { Context } from '../../../graphql/context.ts';
import { toState } from '../../../graphql/entities/entity.ts';
import { columnInputs } from '../../../graphql/events/event-input.ts';
import { costs, costsFirst } from '../../../graphql/limits/field-cost.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { ruleColumns } from './difference.ts';
import { firingType } from './firing-type.ts';
import { measuredField } from './measured-type.ts';
import { costOfPreview } from './preview-cost.ts';
import { withSlo } from './with-slo.ts';

const DEFAULT_FIRINGS = 100;
const MAX_FIRINGS = 1_000;

/** Adds `previewAlertRule`. */
export function addAlertRulePreview(types: TypeRegistry): void {
  const input = previewInput(types);
  const type = previewType(types);
  types.builder.queryField('previewAlertRule', (t) =>
    t.field({
      authScopes: { read: true },
      type,
      description:
        'Shows when a rule would have fired if it had existed. The rule is evaluated repeatedly ' +
        'over past data as it would be over live data, starting in state OK at the start of the ' +
        'range. Nothing is stored and no notification is sent.',
      args: {
        input: t.arg({ type: input, required: true, description: 'The rule.' }),
        range: t.arg({
          type: timeRangeInput(types),
          required: true,
          description:
            'The time range, at most 10,080 evaluations. Times in the future and data that ' +
            'retention has removed are not evaluated.',
        }),
      },
      extensions: costs(({ args, now }) => costOfPreview(types, args.input, readTimeRange(args.range, now))),
      resolve: async (_root, args, context): Promise<Preview> => {
        const { clock } = context.services;
        const { previewRule } = context.services.alerting;
        return previewRule(await readRule(context, args.input), readTimeRange(args.range, clock.now()));
      },
    }),
  );
}

/** The input that creates a rule also previews it, but a preview needs neither id nor name. */
function previewInput(types: TypeRegistry) {
  return types.builder.inputRef<Record<string, unknown>>('PreviewAlertRuleInput').implement({
    description:
      'A rule to try out: the input of `createAlertRule`. Its `ruleId`, `name`, `webhooks` and ' +
      '`enabled` have no effect here.',
    fields: (t) => ({
      ...columnInputs(types, t, ruleColumns),
      ruleId: t.string({ description: 'Not needed for a preview.' }),
      name: t.string({ description: 'Not needed for a preview.' }),
    }),
  });
}

/** @throws InvalidArgument at `input.<field>`. */
async function readRule(
  { projectId, services }: Context,
  input: Readonly<Record<string, unknown>>,
): Promise<Rule> {
  const named = { ...input, ruleId: input['ruleId'] ?? 'preview', name: input['name'] ?? 'Preview' };
  const row = services.stateChecks.toRow(alertRules, projectId, named);
  const { definition, slo } = await withSlo(services.store.prisma, toState(alertRules, row));
  return services.alerting.toRule(definition, slo);
}

function previewType(types: TypeRegistry) {
  const { builder } = types;
  return builder.objectRef<Preview>('AlertRulePreview').implement({
    description: 'When a rule would have fired in a time range.',
    fields: (t) => ({
      range: t.field({
        type: timeRange(types),
        description:
          'The evaluated range: the requested range up to its last evaluation, without a beginning ' +
          'whose window reaches into data that retention has removed. Empty if nothing is left to ' +
          'evaluate.',
        resolve: ({ range }) => range,
      }),
      step: t.field({
        type: 'Duration',
        description:
          'The interval between evaluations: "PT10S" for a window below a minute, "PT1M" up to ' +
          'an hour, "PT5M" below a day, otherwise "PT1H"; longer in a long range, but never ' +
          'longer than the window. Evaluations are aligned to full steps in UTC.',
        resolve: ({ step }) => toDuration(step),
      }),
      evaluations: t.exposeInt('evaluations', { description: 'Number of evaluations of each group.' }),
      firings: t.field({
        type: [firingType(types)],
        extensions: costsFirst(DEFAULT_FIRINGS, MAX_FIRINGS),
        description: 'The alerts that it would have raised, in the order in which they fired.',
        args: {
          first: t.arg.int({
            defaultValue: DEFAULT_FIRINGS,
            description: 'Maximum number of items, 1 to 1,000. The rest is omitted.',
          }),
        },
        resolve: ({ alerts }, { first }) =>
          alerts.slice(0, checkBetween(first ?? DEFAULT_FIRINGS, MAX_FIRINGS, 'first')),
      }),
      firingCount: t.int({
        description: 'Number of alerts that the rule would have raised.',
        resolve: ({ alerts }) => alerts.length,
      }),
      firingTime: t.field({
        type: 'Duration',
        description: 'How long at least one alert was open.',
        resolve: ({ firingMs }) => toDuration(firingMs),
      }),
      firingShare: t.float({
        description: '`firingTime` as a share of `range`, 0 to 1.',
        resolve: ({ firingMs, range }) => (firingMs === 0 ? 0 : firingMs / (range.to - range.from)),
      }),
      groups: t.exposeInt('groups', {
        description:
          'Number of evaluated groups: at most 20, those with the most events. Without `groupBy`, 1.',
      }),
      groupsLeftOut: t.exposeBoolean('groupsLeftOut', { description: 'True if there are more groups.' }),
      measured: measuredField(types, t),
      source: t.field({
        type: analyticsSource(types),
        description: 'The source of the numbers.',
        resolve: ({ source }) => source,
      }),
    }),
  });
}
