import fc from 'fast-check';
import type { Column } from '../../../src/core/dataset/column.ts';
import type { Filter, FilterTest, Scalar } from '../../../src/core/filter.ts';
import { filterValuesOf, type Window } from './events.ts';

function operatorsOf(column: Column): FilterTest['operator'][] {
  switch (column.kind) {
    case 'text':
      return ['eq', 'in', 'contains', 'startsWith', 'lt', 'gte'];
    case 'integer':
    case 'float':
    case 'money':
    case 'timestamp':
      return ['eq', 'in', 'lt', 'lte', 'gt', 'gte'];
    case 'texts':
      return ['has'];
    case 'json':
      return ['eq', 'in', 'contains', 'startsWith', 'lt', 'lte', 'gt', 'gte'];
    default:
      return ['eq', 'in'];
  }
}

function testsOf(column: Column, window: Window): fc.Arbitrary<FilterTest> {
  const value = filterValuesOf(column, window);
  return fc
    .tuple(
      fc.constantFrom(...operatorsOf(column)),
      value,
      fc.uniqueArray(value, { maxLength: 4 }),
      fc.boolean(),
      fc.nat(9),
    )
    .map(([operator, one, several, negated, dice]) => ({
      kind: 'test',
      field: column.name,
      operator,
      value: operator === 'in' ? several : operator === 'eq' && dice < 3 ? null : operandOf(operator, one),
      negated,
    }));
}

/**
 * For attributes, which have values of several types: parts are texts, and booleans have no order.
 */
function operandOf(operator: FilterTest['operator'], value: string | number | boolean): Scalar {
  if (operator === 'contains' || operator === 'startsWith') return String(value);
  return operator !== 'eq' && typeof value === 'boolean' ? String(value) : value;
}

/**
 * Filters over these columns, nested up to three groups deep. Of the JSON columns, only attributes
 * can be filtered.
 */
export function filtersOver(columns: readonly Column[], window: Window): fc.Arbitrary<Filter> {
  const filterable = columns.filter((column) => column.kind !== 'json' || column.path !== undefined);
  const { filter } = fc.letrec<{ filter: Filter; test: Filter; group: Filter }>((tie) => ({
    filter: fc.oneof({ maxDepth: 3 }, { arbitrary: tie('test'), weight: 3 }, tie('group')),
    test: fc.oneof(...filterable.map((column) => testsOf(column, window))),
    group: fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      all: fc.array(tie('filter'), { maxLength: 3 }),
    }),
  }));
  return filter;
}
