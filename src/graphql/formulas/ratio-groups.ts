import {
  MAX_RATIO_GROUPS,
  type RatioGroup,
  type RatioGroupOptions,
  ratioOfGroups,
} from '../../analytics/formulas/ratio-groups.ts';
import { checkBetween } from '../../core/check-between.ts';
import { answered } from '../analytics/source.ts';
import type { ObjectType } from '../builder.ts';
import { costs } from '../limits/field-cost.ts';
import { type ListOrderInput, orderInputOf } from '../lists/order.ts';
import { selectionOf } from '../selection.ts';
import type { TypeRegistry } from '../type-registry.ts';
import type { RatioAnalysis } from './ratio-analysis.ts';
import { costOfRatioGroups } from './ratio-cost.ts';
import { addRatioFields } from './ratio-fields.ts';
import { ratioDimensions, selectedShared } from './shared-dimensions.ts';

const DEFAULT_GROUPS = 20;

type RatioOrderInput = ListOrderInput<RatioGroupOptions['orderBy']['by']>;

/** Adds `groups` to ratios. */
export function addRatioGroups(types: TypeRegistry, type: ObjectType<RatioAnalysis>): void {
  types.builder.objectField(type, 'groups', (t) =>
    t.field({
      type: [ratioGroup(types)],
      description:
        'The ratio per combination of values of the selected dimensions. Groups that exist on only ' +
        'one side are included.',
      args: {
        orderBy: t.arg({
          type: ratioOrder(types),
          description: 'Default: largest numerator first.',
        }),
        first: t.arg.int({
          defaultValue: DEFAULT_GROUPS,
          description: `Maximum number of groups, 1 to ${MAX_RATIO_GROUPS}. The rest is omitted.`,
        }),
      },
      extensions: costs<RatioAnalysis>(({ args, from: { question }, info }) => {
        const first = checkBetween(args.first ?? DEFAULT_GROUPS, MAX_RATIO_GROUPS, 'first');
        const dimensions = selectedShared(question, selectionOf(info));
        return {
          rows: costOfRatioGroups(question, { dimensions, first, orderBy: readRatioOrder(args.orderBy) }),
          whole: true,
        };
      }),
      resolve: (analysis, args, { services }, info) => {
        const options = {
          dimensions: selectedShared(analysis.question, selectionOf(info)),
          orderBy: readRatioOrder(args.orderBy),
          first: checkBetween(args.first ?? DEFAULT_GROUPS, MAX_RATIO_GROUPS, 'first'),
        };
        return answered(analysis.answers, ratioOfGroups(services.analytics, analysis.question, options));
      },
    }),
  );
}

/** `RatioGroupOrder`: the sort order of groups; `readRatioOrder` converts it. */
export function ratioOrder(types: TypeRegistry) {
  return orderInputOf<RatioOrderInput['field']>(types, 'RatioGroupOrder', {
    description:
      'Sort order of groups. Groups without events on the side that they are sorted by come last, ' +
      'as do groups without a value. Groups with equal values are sorted by their dimensions.',
    fields: {
      description: 'Numbers to sort groups by.',
      values: {
        NUMERATOR: { value: 'numerator', description: 'The number to be divided.' },
        DENOMINATOR: { value: 'denominator', description: 'The number to divide by.' },
        VALUE: {
          value: 'value',
          description:
            'The ratio. To sort by it, the server needs all groups of both sides, so each side ' +
            'must have fewer than 1,000.',
        },
      },
    },
  });
}

/** Converts the order. Default: largest numerator first. */
export function readRatioOrder(input: RatioOrderInput | null | undefined): RatioGroupOptions['orderBy'] {
  return input == null
    ? { by: 'numerator', direction: 'desc' }
    : { by: input.field, direction: input.direction };
}

function ratioGroup(types: TypeRegistry): ObjectType<RatioGroup> {
  const type = types.builder.objectRef<RatioGroup>('RatioGroup');
  addRatioFields(types, type, (group) => group);
  return type.implement({
    description: 'The ratio of the events that share the values of the selected dimensions.',
    fields: (t) => ({
      dimensions: t.expose('dimensions', {
        type: ratioDimensions(types),
        description: 'The values that the events share. The selected dimensions are the ones to group by.',
      }),
    }),
  });
}
