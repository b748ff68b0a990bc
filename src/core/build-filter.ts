import type { Filter, FilterTest, Scalar } from './filter.ts';
import type { Interval } from './time/range.ts';

/**
 * Tests that the field has one of these values. There must be at least one value, and none may be
 * null.
 */
export function isOneOf(field: string, values: readonly Exclude<Scalar, null>[]): FilterTest {
  const [first, ...others] = values;
  if (first === undefined) throw new Error(`A test of ${field} needs a value`);
  if (others.length === 0) return { kind: 'test', field, operator: 'eq', value: first, negated: false };
  return { kind: 'test', field, operator: 'in', value: [first, ...others], negated: false };
}

/** Tests that the field has a value. */
export function isPresent(field: string): Filter {
  return { kind: 'test', field, operator: 'eq', value: null, negated: true };
}

/** Tests that the field, a timestamp, lies in the interval, which does not include its end. */
export function isWithin(field: string, { from, to }: Interval): Filter {
  const test = { kind: 'test', field, negated: false } as const;
  return {
    kind: 'and',
    all: [
      { ...test, operator: 'gte', value: from },
      { ...test, operator: 'lt', value: to },
    ],
  };
}

/** A filter for the rows that match both. Null: all rows. */
export function both(one: Filter, other: Filter | null): Filter;
export function both(one: Filter | null, other: Filter | null): Filter | null;
export function both(one: Filter | null, other: Filter | null): Filter | null {
  if (one === null || other === null) return one ?? other;
  return { kind: 'and', all: [one, other] };
}
