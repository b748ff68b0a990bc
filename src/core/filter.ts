import { compareText } from './compare-text.ts';
import type { FilterOperator } from './filter-value.ts';

/**
 * The one filter tree. Lists, analytics, live tails and rollup cells all normalise a filter of the
 * API to this tree (`normalizeFilter`), and compile or evaluate the tree. So a filter means the
 * same everywhere.
 *
 * The logic has two values. A test of an absent value is false, except `eq: null`. A negated test
 * is exactly the opposite. So `ne: "x"` and `not: { field: { eq: "x" } }` match the rows where the
 * field is absent. A compiler to SQL must therefore add `or field is null` to every negated test of
 * a nullable column. Only tests are negated, never groups.
 */

/**
 * A value in a filter and in a row: timestamps are epoch milliseconds, money nano-USD, ids lower
 * case.
 */
export type Scalar = Value | null;
type Value = string | number | boolean;

/**
 * One comparison. Only `eq` takes null. `in` takes a list of two or more different values, without
 * null.
 */
export interface FilterTest {
  kind: 'test';
  field: string;
  operator: FilterOperator;
  value: Scalar | Scalar[];
  negated: boolean;
}

/** An empty `and` matches every row, an empty `or` matches none. */
export interface FilterGroup {
  kind: 'and' | 'or';
  all: Filter[];
}

export type Filter = FilterGroup | FilterTest;

/** The fields that the filter tests. */
export function filterFields(filter: Filter): Set<string> {
  const fields = new Set<string>();
  const visit = (part: Filter): void => {
    if (part.kind === 'test') fields.add(part.field);
    else part.all.forEach(visit);
  };
  visit(filter);
  return fields;
}

/**
 * Whether a row matches the filter. `read` returns a field's value, null or undefined if it is
 * absent. Comparison of text is case-sensitive.
 */
export function matches(filter: Filter, read: (field: string) => Scalar | undefined): boolean {
  if (filter.kind === 'test') return holds(filter, read(filter.field) ?? null) !== filter.negated;
  if (filter.kind === 'and') return filter.all.every((part) => matches(part, read));
  return filter.all.some((part) => matches(part, read));
}

function holds({ operator, value }: FilterTest, actual: Scalar): boolean {
  if (operator === 'eq') return actual === value;
  if (Array.isArray(value)) return value.includes(actual);
  if (actual === null || value === null || typeof actual !== typeof value) return false;
  switch (operator) {
    case 'lt':
      return compare(actual, value) < 0;
    case 'lte':
      return compare(actual, value) <= 0;
    case 'gt':
      return compare(actual, value) > 0;
    case 'gte':
      return compare(actual, value) >= 0;
    case 'contains':
      return String(actual).includes(String(value));
    case 'has': {
      // A row holds a list as its JSON text.
      const items: readonly unknown[] = JSON.parse(String(actual));
      return items.includes(value);
    }
    default:
      return String(actual).startsWith(String(value));
  }
}

/** The values must have the same type. */
const compare = (one: Value, other: Value): number =>
  typeof one === 'string' ? compareText(one, String(other)) : Number(one) - Number(other);
