import { MAX_GROUPS } from '../../analytics/create-analytics.ts';
import type { Group, Scope } from '../../analytics/spec.ts';
import { both } from '../../core/build-filter.ts';
import { checkBetween } from '../../core/check-between.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { fieldOf } from '../../core/dataset/field.ts';
import { InvalidArgument } from '../../core/errors.ts';
import type { FilterTest } from '../../core/filter.ts';
import { textValue } from '../../core/filter-value.ts';
import type { ObjectType } from '../builder.ts';
import { costs } from '../limits/field-cost.ts';
import { inPortions, microsecondsOfStats } from '../limits/in-portions.ts';
import type { TypeRegistry } from '../type-registry.ts';
import type { Analysis } from './analysis.ts';
import { costOfGroups } from './analytics-cost.ts';
import { dimensionEnum } from './dimension-enum.ts';
import { dimensionIn } from './named-value.ts';
import { answered } from './source.ts';

const DEFAULT_VALUES = 20;
const MOST_FREQUENT = { by: 'count', direction: 'desc' } as const;

/** A value of a dimension, and how many events have it. */
interface DistinctValue {
  readonly value: string | number | boolean | null;
  readonly count: number;
}

/** Adds `distinct` to the analytics of a dataset. */
export function addDistinct(types: TypeRegistry, dataset: Dataset, type: ObjectType<Analysis>): void {
  types.builder.objectField(type, 'distinct', (t) =>
    t.field({
      type: [distinctValue(types)],
      description:
        'The values of a dimension in these events, most frequent first; equally frequent values ' +
        'in ascending order. Use it to offer choices for a filter. Events without a value are ' +
        'omitted.',
      args: {
        dimension: t.arg({
          type: dimensionEnum(types, dataset),
          description: 'The dimension whose values are listed.',
        }),
        attribute: t.arg({
          type: 'AttributePath',
          description: 'The attribute whose values are listed, instead of a dimension.',
        }),
        tag: t.arg.string({
          description: 'The key of the tag whose values are listed, such as "team", instead of a dimension.',
        }),
        contains: t.arg.string({
          description:
            'Only values that contain this text. As in filters, the match is case-sensitive and ' +
            'has no wildcards. Not for number or boolean dimensions. Default: all values.',
        }),
        first: t.arg.int({
          defaultValue: DEFAULT_VALUES,
          description: 'Maximum number of values, 1 to 1,000. The rest is omitted.',
        }),
      },
      extensions: costs<Analysis>(({ args, from: { scope } }) => {
        const groups = checkBetween(args.first ?? DEFAULT_VALUES, MAX_GROUPS, 'first');
        const name = dimensionIn(args);
        const asked = { ...withValue(scope, name, args.contains), dimensions: [name], measures: [] };
        return { rows: costOfGroups({ ...asked, groups }), whole: true };
      }),
      resolve: async ({ scope, answers }, args, context) => {
        const name = dimensionIn(args);
        const options = { dimensions: [name], orderBy: MOST_FREQUENT, first: args.first ?? DEFAULT_VALUES };
        const asked = withValue(scope, name, args.contains);
        const { analytics } = context.services;
        const groups = await answered(answers, analytics.groups(asked, [], options));
        return inPortions(context, groups.map(toDistinctValue(name)), microsecondsOfStats(0));
      },
    }),
  );
}

function distinctValue(types: TypeRegistry) {
  return types.once('DistinctValue', (builder) =>
    builder.objectRef<DistinctValue>('DistinctValue').implement({
      description: 'A value of a dimension, and how many events have it.',
      fields: (t) => ({
        value: t.expose('value', {
          type: 'JSON',
          description:
            'The value as filters take it: text, a number, a boolean, or the name of an enum value.',
        }),
        count: t.expose('count', { type: 'SafeInt', description: 'Number of events that have the value.' }),
      }),
    }),
  );
}

const toDistinctValue =
  (dimension: string) =>
  ({ dimensions, stats }: Group): DistinctValue => ({
    value: dimensions[dimension] ?? null,
    count: stats.rowCount,
  });

/**
 * The scope without events that lack a value, or whose value does not contain the text.
 *
 * @throws InvalidArgument for text in a dimension of numbers or booleans.
 */
function withValue(scope: Scope, name: string, contains: string | null | undefined): Scope {
  const test: Omit<FilterTest, 'operator' | 'value'> = { kind: 'test', field: name, negated: false };
  if (contains == null)
    return { ...scope, filter: both({ ...test, operator: 'eq', value: null, negated: true }, scope.filter) };
  const { kind } = fieldOf(scope.dataset, name);
  if (kind === 'boolean' || kind === 'integer') {
    const held = kind === 'boolean' ? 'true or false' : 'numbers';
    throw new InvalidArgument(
      `\`contains\` searches text, and ${name} holds ${held}: omit it, or choose a dimension of text.`,
      'contains',
    );
  }
  const value = textValue(contains, 'contains');
  return { ...scope, filter: both({ ...test, operator: 'contains', value }, scope.filter) };
}
