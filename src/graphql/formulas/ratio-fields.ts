import type { Ratio } from '../../analytics/formulas/ratio.ts';
import type { ObjectType } from '../builder.ts';
import type { Context } from '../context.ts';
import type { TypeRegistry } from '../type-registry.ts';

/** Adds the numbers of a ratio to a type. */
export function addRatioFields<Shape>(
  { builder }: TypeRegistry,
  type: ObjectType<Shape>,
  ratioOf: (shape: Shape, context: Context) => Ratio | Promise<Ratio>,
): void {
  builder.objectFields(type, (t) => ({
    value: t.float({
      nullable: true,
      description:
        'The numerator divided by the denominator. Null if the denominator is 0, or if either is unknown.',
      resolve: async (shape, _args, context) => (await ratioOf(shape, context)).value,
    }),
    numerator: t.float({
      nullable: true,
      description: SIDE,
      resolve: async (shape, _args, context) => (await ratioOf(shape, context)).numerator,
    }),
    denominator: t.float({
      nullable: true,
      description: SIDE,
      resolve: async (shape, _args, context) => (await ratioOf(shape, context)).denominator,
    }),
  }));
}

const SIDE =
  'The number of this side, in the unit of its measure. Without events, counts and sums are 0. ' +
  'Null if the number is unknown: the mean of no events, a sum if no event has the measure, or if ' +
  'no data of the range is kept.';
