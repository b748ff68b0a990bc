import {
  MAX_MEASURED_GROUPS,
  type Measured,
  type MeasuredGroup,
  type MeasuredOptions,
  measuredIn,
} from '../../../alerting/rules/measured.ts';
import type { Preview } from '../../../alerting/rules/preview.ts';
import { checkBetween } from '../../../core/check-between.ts';
import type { FieldBuilder } from '../../../graphql/builder.ts';
import { costs } from '../../../graphql/limits/field-cost.ts';
import { inPortions } from '../../../graphql/limits/in-portions.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

const DEFAULT_POINTS = 500;
const MAX_POINTS = 1_000;
const DEFAULT_TOP = 7;
/** Showing a row takes as long as showing this many values. */
const VALUES_PER_ROW = 10;
/** The approximate time to find the value of an evaluation, and to show that of a point. */
const EVALUATION_MICROSECONDS = 0.05;
const VALUE_MICROSECONDS = 0.3;

interface MeasuredArguments {
  readonly first?: number | null | undefined;
  readonly points?: number | null | undefined;
}

/** @throws InvalidArgument for an invalid size */
const sizeOf = ({ first, points }: MeasuredArguments): MeasuredOptions => ({
  top: checkBetween(first ?? DEFAULT_TOP, MAX_MEASURED_GROUPS, 'first'),
  points: checkBetween(points ?? DEFAULT_POINTS, MAX_POINTS, 'points'),
});

/** `AlertRulePreview.measured`. */
export function measuredField(types: TypeRegistry, t: FieldBuilder<Preview>) {
  return t.field({
    type: measuredType(types),
    extensions: costs(({ args }) => {
      const { top, points } = sizeOf(args);
      return { rows: Math.ceil((top * points) / VALUES_PER_ROW), whole: true };
    }),
    description:
      'What the rule would have measured over time: the number that is compared with `warning` and ' +
      '`critical`. If there are more evaluations than `points`, several share a point, which shows ' +
      'the value that comes closest to firing or lies furthest beyond the threshold.',
    args: {
      first: t.arg.int({
        defaultValue: DEFAULT_TOP,
        description: `Maximum number of groups, 1 to ${MAX_MEASURED_GROUPS}: those with the most events.`,
      }),
      points: t.arg.int({
        defaultValue: DEFAULT_POINTS,
        description: `Maximum number of points, 1 to ${MAX_POINTS.toLocaleString('en')}.`,
      }),
    },
    resolve: async (preview, args, { services }): Promise<Measured> => {
      const size = sizeOf(args);
      const { ends, groups } = preview.windows;
      const evaluations = ends.length * Math.min(groups.length, size.top);
      await services.portions.pass(evaluations * EVALUATION_MICROSECONDS);
      return measuredIn(preview, size);
    },
  });
}

function measuredType({ builder }: TypeRegistry) {
  const group = builder.objectRef<MeasuredGroup>('AlertRuleMeasuredGroup').implement({
    description: 'What a rule would have measured for one group.',
    fields: (t) => ({
      labels: t.expose('labels', {
        type: 'JSON',
        description:
          'The values of the dimensions that the rule groups by, keyed by name; {} if it does not ' +
          'group.',
      }),
      values: t.field({
        type: ['Float'],
        nullable: { list: false, items: true },
        description: 'One value for each of `times`; null where there was nothing to measure.',
        resolve: ({ values }) => values,
      }),
    }),
  });
  return builder.objectRef<Measured>('AlertRuleMeasured').implement({
    description: 'What a rule would have measured over time, in a compact form.',
    fields: (t) => ({
      times: t.field({
        type: ['DateTime'],
        description:
          'When the rule would have been evaluated: the ends of its windows. If several ' +
          'evaluations share a point, the time of the last one.',
        resolve: ({ times }) => times,
      }),
      groups: t.field({
        type: [group],
        description: 'The groups, those with the most events first. Without `groupBy`, there is one.',
        resolve: ({ times, groups }, _args, context) =>
          inPortions(context, groups, times.length * VALUE_MICROSECONDS),
      }),
    }),
  });
}
