import { InvalidArgument } from './errors.ts';
import { type FilterFieldKind, type FilterOperator, filterValue } from './filter-value.ts';
import type { Interval } from './time/range.ts';

/**
 * The one filter tree. Lists, analytics, live tails and rollup cells all normalise a filter of the
 * API to it and compile or evaluate this, so that a filter means the same everywhere.
 *
 * Logic is two-valued: a test of an absent value is false (only `eq: null` holds for it), and a
 * negated test is exactly the opposite. So `ne: "x"` and `not: { field: { eq: "x" } }` match the
 * rows where the field is absent; a compiler to SQL must add `or field is null` to every negated
 * test of a nullable column. Negations stand at the tests only.
 */

/**
 * A value in a filter and in a row: timestamps are epoch milliseconds, money nano-USD, ids lower
 * case.
 */
export type Scalar = string | number | boolean | null;

/**
 * One comparison. `eq` alone takes null; `in` takes a list without null, of two or more different
 * values.
 */
export interface FilterTest {
  kind: 'test';
  field: string;
  operator: FilterOperator;
  value: Scalar | Scalar[];
  negated: boolean;
}

/** `and` of nothing matches every row, `or` of nothing matches none. */
export interface FilterGroup {
  kind: 'and' | 'or';
  all: Filter[];
}

export type Filter = FilterGroup | FilterTest;

/** The field is one of these values: at least one, none of them null. */
export function isOneOf(field: string, values: readonly Exclude<Scalar, null>[]): FilterTest {
  const [first, ...others] = values;
  if (first === undefined) throw new Error(`A test of ${field} needs a value`);
  if (others.length === 0) return { kind: 'test', field, operator: 'eq', value: first, negated: false };
  return { kind: 'test', field, operator: 'in', value: [first, ...others], negated: false };
}

/** The field, a timestamp, lies in the stretch: its end is no part of it. */
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

/** The fields that the filter looks at. */
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
 * Whether a row passes. `read` gives a field's value, null or undefined where it is absent. Text is
 * compared by case.
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
      return actual < value;
    case 'lte':
      return actual <= value;
    case 'gt':
      return actual > value;
    case 'gte':
      return actual >= value;
    case 'contains':
      return String(actual).includes(String(value));
    case 'has':
      // Rows hold lists as JSON.
      return (JSON.parse(String(actual)) as unknown[]).includes(value);
    default:
      return String(actual).startsWith(String(value));
  }
}

const MAX_DEPTH = 10;
const MAX_TESTS = 500;
const MAX_VALUES = 1000;

const EQUALITY = ['eq', 'ne', 'in', 'notIn'] as const;
const ORDER = [...EQUALITY, 'lt', 'lte', 'gt', 'gte'] as const;
const LISTS = ['has', 'hasSome', 'hasEvery'] as const;
type InputOperator = (typeof ORDER)[number] | (typeof LISTS)[number] | 'contains' | 'startsWith';

/** The operators that the API has for each kind of field. */
export const FILTER_OPERATORS: Readonly<Record<FilterFieldKind, readonly InputOperator[]>> = {
  text: [...EQUALITY, 'contains', 'startsWith'],
  enum: EQUALITY,
  uuid: EQUALITY,
  boolean: EQUALITY,
  number: ORDER,
  money: ORDER,
  timestamp: ORDER,
  texts: LISTS,
};

/**
 * What one normalisation carries along: the known fields, and what the filter has used of its
 * limits.
 */
interface Normalization {
  readonly known: (field: string) => FilterFieldKind | undefined;
  tests: number;
  values: number;
}

/**
 * The filter tree of a filter of the API: `{ field: { eq, ne, in, notIn, contains, startsWith, gt,
 * gte, lt, lte, has, hasSome, hasEvery }, and, or, not }`, in which several fields and several
 * operators must all hold. Null for what matches every row: no filter, `{}`, `and: []`. `or: []`
 * and `in: []` match nothing, `notIn: []` everything; `eq: null` matches where the field is absent,
 * and a null in a list counts as absent too. A null in place of a filter or of a field's operators
 * is no condition. Constants appear nowhere below the top of the tree, and a group holds at least
 * two parts, none of its own kind.
 *
 * `known` says what a field holds, undefined for a field that there is not. Throws InvalidArgument,
 * at the path of the part that is wrong, for unknown fields and operators, values of another type,
 * and filters deeper than 10 levels or of more than 500 tests or 1000 values.
 */
export function normalizeFilter(
  input: unknown,
  known: (field: string) => FilterFieldKind | undefined,
  path = 'filter',
): Filter | null {
  const filter = normalizeObject({ known, tests: 0, values: 0 }, input, {
    path,
    depth: 1,
    negated: false,
  });
  return filter.kind === 'and' && filter.all.length === 0 ? null : filter;
}

/** What the parts of a normalisation know of their surroundings. */
interface Place {
  readonly path: string;
  readonly depth: number;
  /** Whether an odd number of `not` stands above. */
  readonly negated: boolean;
}

function normalizeObject(
  normalization: Normalization,
  input: unknown,
  { path, depth, negated }: Place,
): Filter {
  if (depth > MAX_DEPTH) throw new InvalidArgument(`A filter has at most ${MAX_DEPTH} levels.`, path);
  const parts: Filter[] = [];
  for (const [name, value] of Object.entries(objectOf(input ?? {}, path))) {
    if (value === undefined || value === null) continue;
    const inner = { path: `${path}.${name}`, depth: depth + 1, negated };
    if (name === 'and' || name === 'or') {
      const group = listOf(value, inner.path).map((item, index) =>
        normalizeObject(normalization, item, { ...inner, path: `${inner.path}.${index}` }),
      );
      parts.push(combine((name === 'and') !== negated ? 'and' : 'or', group));
    } else if (name === 'not') {
      parts.push(normalizeObject(normalization, value, { ...inner, negated: !negated }));
    } else {
      parts.push(normalizeField(normalization, name, value, inner));
    }
  }
  return combine(negated ? 'or' : 'and', parts);
}

function normalizeField(normalization: Normalization, field: string, input: unknown, place: Place): Filter {
  const kind = normalization.known(field);
  if (kind === undefined) throw new InvalidArgument(`There is no field ${field} to filter by.`, place.path);
  const tests: Filter[] = [];
  for (const [operator, value] of Object.entries(objectOf(input, place.path))) {
    if (value === undefined) continue;
    const path = `${place.path}.${operator}`;
    if (!(FILTER_OPERATORS[kind] as readonly string[]).includes(operator)) {
      throw new InvalidArgument(
        `${place.path} has the operators ${FILTER_OPERATORS[kind].join(', ')}.`,
        path,
      );
    }
    count(normalization, value, path);
    tests.push(normalizeTest(kind, field, operator as InputOperator, value, { ...place, path }));
  }
  return combine(place.negated ? 'or' : 'and', tests);
}

function normalizeTest(
  kind: FilterFieldKind,
  field: string,
  input: InputOperator,
  value: unknown,
  place: Place,
): Filter {
  const negated = (input === 'ne' || input === 'notIn') !== place.negated;
  if (input === 'in' || input === 'notIn') return normalizeIn(kind, field, value, { ...place, negated });
  if (input === 'hasSome' || input === 'hasEvery') return normalizeHas(kind, field, input, value, place);
  const operator = input === 'ne' ? 'eq' : input;
  if (operator === 'eq' && value === null) return { kind: 'test', field, operator, value, negated };
  return { kind: 'test', field, operator, value: filterValue(kind, operator, value, place.path), negated };
}

/** SQL's `in` must see no null, and finds nothing out about a list of one that `eq` would not. */
function normalizeIn(kind: FilterFieldKind, field: string, input: unknown, { path, negated }: Place): Filter {
  const list = listOf(input, path);
  const values = new Set(
    list.map((item, index) => (item === null ? null : filterValue(kind, 'in', item, `${path}.${index}`))),
  );
  const tests: Filter[] = [];
  if (values.delete(null)) tests.push({ kind: 'test', field, operator: 'eq', value: null, negated });
  const [first] = values;
  if (values.size > 1) tests.push({ kind: 'test', field, operator: 'in', value: [...values], negated });
  else if (first !== undefined) tests.push({ kind: 'test', field, operator: 'eq', value: first, negated });
  return combine(negated ? 'and' : 'or', tests);
}

/** `hasSome` of nothing holds for no row, `hasEvery` of nothing for every row. */
function normalizeHas(
  kind: FilterFieldKind,
  field: string,
  input: 'hasSome' | 'hasEvery',
  list: unknown,
  { path, negated }: Place,
): Filter {
  const tests = listOf(list, path).map((item, index): Filter => {
    const value = filterValue(kind, 'has', item, `${path}.${index}`);
    return { kind: 'test', field, operator: 'has', value, negated };
  });
  return combine((input === 'hasSome') !== negated ? 'or' : 'and', tests);
}

/**
 * The parts as one filter: constants are worked out, groups of the same kind are merged, a group of
 * one is that one.
 */
function combine(kind: 'and' | 'or', parts: readonly Filter[]): Filter {
  const all = parts.flatMap((part) => (part.kind === kind ? part.all : [part]));
  const deciding = all.find((part) => part.kind !== 'test' && part.all.length === 0);
  if (deciding !== undefined) return deciding;
  const [only] = all;
  return only !== undefined && all.length === 1 ? only : { kind, all };
}

function count(normalization: Normalization, value: unknown, path: string): void {
  normalization.tests++;
  normalization.values += Array.isArray(value) ? value.length : 1;
  if (normalization.tests > MAX_TESTS) {
    throw new InvalidArgument(`A filter has at most ${MAX_TESTS} tests.`, path);
  }
  if (normalization.values > MAX_VALUES) {
    throw new InvalidArgument(`A filter has at most ${MAX_VALUES} values, all its lists together.`, path);
  }
}

function objectOf(input: unknown, path: string): object {
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input;
  throw new InvalidArgument(`${path} takes an object.`, path);
}

function listOf(input: unknown, path: string): readonly unknown[] {
  if (Array.isArray(input)) return input;
  throw new InvalidArgument(`${path} takes a list.`, path);
}
