import type { InputRef } from '@pothos/core';
import type { GroupOrder } from '../../analytics/spec.ts';
import { attributeName } from '../../core/dataset/attribute.ts';
import { constantName } from '../../core/dataset/constant-name.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { InvalidArgument } from '../../core/errors.ts';
import { orderDirection } from '../lists/order-direction.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { dimensionEnum } from './dimension-enum.ts';
import { type DimensionArguments, dimensionIn } from './named-value.ts';

const ROW_ORDERS = {
  COUNT: { value: 'count', description: 'Number of events.' },
} as const;

const NAMED_ORDERS = {
  COUNT_DISTINCT: {
    value: 'countDistinct',
    description: 'Number of distinct values of `dimension`, `attribute` or `tag`.',
  },
  ATTRIBUTE: { value: 'attribute', description: 'An aggregate of the numbers of `attribute`.' },
} as const;

const RATE_ORDERS = {
  SUCCESS_RATE: { value: 'successRate', description: 'Share of the events that succeeded.' },
  ERROR_RATE: { value: 'errorRate', description: 'Share of the events that did not succeed.' },
} as const;

/**
 * The argument `orderBy` of groups after coercion. `field` is count, countDistinct, attribute,
 * successRate, errorRate or the name of a measure.
 */
export interface GroupOrderInput extends DimensionArguments {
  readonly field: string;
  readonly aggregate: 'sum' | 'avg' | 'min' | 'max' | 'p95';
  readonly direction: 'asc' | 'desc';
}

/** `<Entity>GroupOrder`: the sort order of groups. */
export function groupOrderInput(types: TypeRegistry, dataset: Dataset): InputRef<GroupOrderInput> {
  const name = `${dataset.entity}GroupOrder`;
  return types.once(name, (builder) => {
    const measures = dataset.measures.map(({ name: value, description }) => [
      constantName(value),
      { value, description: `An aggregate of this measure: ${description}` },
    ]);
    const field = builder.enumType(`${name}Field`, {
      description: `Fields to sort groups of ${dataset.name} by.`,
      values: {
        ...ROW_ORDERS,
        ...NAMED_ORDERS,
        ...(dataset.hasSuccess && RATE_ORDERS),
        ...Object.fromEntries(measures),
      },
    });
    return builder.inputRef<GroupOrderInput>(name).implement({
      description: 'Sort order of groups. Groups with equal values are sorted by their dimensions.',
      fields: (t) => ({
        field: t.field({ type: field, required: true, description: 'The field to sort by.' }),
        dimension: t.field({
          type: dimensionEnum(types, dataset),
          description: 'The dimension whose values are counted when `field` is COUNT_DISTINCT.',
        }),
        attribute: t.field({
          type: 'AttributePath',
          description: 'The attribute to sort by with ATTRIBUTE, or whose values COUNT_DISTINCT counts.',
        }),
        tag: t.string({ description: 'The key of the tag whose values COUNT_DISTINCT counts.' }),
        aggregate: t.field({
          type: measureAggregate(types),
          required: true,
          defaultValue: 'sum',
          description: 'The aggregate to sort by when `field` is a measure or ATTRIBUTE.',
        }),
        direction: t.field({
          type: orderDirection(types),
          required: true,
          defaultValue: 'desc',
          description: 'The sort direction.',
        }),
      }),
    });
  });
}

/** `MeasureAggregate`: how to aggregate a measure. */
export function measureAggregate(types: TypeRegistry) {
  return types.once('MeasureAggregate', (builder) =>
    builder.enumType('MeasureAggregate', {
      description: 'How to aggregate the values of a measure.',
      values: {
        SUM: { value: 'sum', description: 'The sum.' },
        AVG: { value: 'avg', description: 'The arithmetic mean.' },
        MIN: { value: 'min', description: 'The smallest value.' },
        MAX: { value: 'max', description: 'The largest value.' },
        P95: {
          value: 'p95',
          description: 'The 95th percentile, interpolated between the two values around it.',
        },
      } as const,
    }),
  );
}

/**
 * Converts the order to the form of `Analytics`. Without an order, the largest groups come first.
 *
 * @throws InvalidArgument for COUNT_DISTINCT without a dimension, an attribute or a tag, for
 *   ATTRIBUTE without an attribute, and for any of these where none is needed.
 */
export function readGroupOrder(dataset: Dataset, input: GroupOrderInput | null | undefined): GroupOrder {
  if (input == null) return { by: 'count', direction: 'desc' };
  const { field, dimension, attribute, tag, aggregate, direction } = input;
  if (field === 'countDistinct')
    return { by: { measure: dimensionIn(input, 'orderBy'), aggregate: 'distinct' }, direction };
  if (dimension != null)
    throw new InvalidArgument('Only an order by COUNT_DISTINCT takes a dimension.', 'orderBy.dimension');
  if (tag != null) throw new InvalidArgument('Only an order by COUNT_DISTINCT takes a tag.', 'orderBy.tag');
  if ((field === 'attribute') !== (attribute != null)) {
    const message = 'An order by ATTRIBUTE needs `attribute`, and an order by a measure takes none.';
    throw new InvalidArgument(message, 'orderBy.attribute');
  }
  if (attribute != null)
    return { by: { measure: attributeName(attribute, 'orderBy.attribute'), aggregate }, direction };
  if (dataset.measures.some(({ name }) => name === field))
    return { by: { measure: field, aggregate }, direction };
  return { by: field as 'count' | 'successRate' | 'errorRate', direction };
}
