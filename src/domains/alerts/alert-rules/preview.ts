import type { Preview } from '../../../alerting/rules/preview.ts';
import { checkBetween } from '../../../core/check-between.ts';
import { toDuration } from '../../../core/time/duration.ts';
import { analyticsSource } from '../../../graphql/analytics/source.ts';
import { readTimeRange, timeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import { columnInputs, inputColumns } from '../../../graphql/dataset/input.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { alertRules } from './definition.ts';
import { firingType } from './firing-type.ts';
import { readRule } from './read-rule.ts';

const DEFAULT_FIRINGS = 100;
const MAX_FIRINGS = 1_000;
/** Who a rule is, whom it tells and whether: nothing of it says when the rule fires. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'ruleId',
  'name',
  'enabled',
  'renotify',
  'webhooks',
  'createdAt',
]);

/** Adds `previewAlertRule`. */
export function addAlertRulePreview(parts: Parts): void {
  const input = previewInput(parts);
  const type = previewType(parts);
  parts.builder.queryField('previewAlertRule', (t) =>
    t.field({
      type,
      description:
        'When a rule would have fired, had it been there: it is looked at again and again over history, as rules are over the ' +
        'present, from a rule that is well at the start of the range. Nothing is stored and nobody is told.',
      args: {
        input: t.arg({ type: input, required: true, description: 'The rule.' }),
        range: t.arg({
          type: timeRangeInput(parts),
          required: true,
          description:
            'From when to when, at most 10,080 looks. What is still to come is not looked at, nor what retention has removed.',
        }),
      },
      resolve: (_root, args, { projectId, services }): Promise<Preview> => {
        const rule = readRule(services, projectId, args.input);
        return services.previewRule(rule, readTimeRange(args.range, services.clock.now()));
      },
    }),
  );
}

function previewInput(parts: Parts) {
  const columns = inputColumns(alertRules).filter(({ name }) => !LEFT_OUT.has(name));
  return parts.builder.inputRef<Record<string, unknown>>('PreviewAlertRuleInput').implement({
    description: 'A rule to be tried: what `createAlertRule` takes, as far as it says when the rule fires.',
    fields: (t) =>
      ({
        ...columnInputs(parts, t, columns),
        name: t.string({ description: 'A rule that is tried needs none.' }),
      }) as never,
  });
}

function previewType(parts: Parts) {
  const { builder } = parts;
  return builder.objectRef<Preview>('AlertRulePreview').implement({
    description: 'When a rule would have fired over a range of time.',
    fields: (t) => ({
      range: t.field({
        type: timeRange(parts),
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
        type: [firingType(parts)],
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
        type: analyticsSource(parts),
        description: 'Where the numbers came from.',
        resolve: ({ source }) => source,
      }),
    }),
  });
}
