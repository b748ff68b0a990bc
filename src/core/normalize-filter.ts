import { ATTRIBUTES, attributeName } from './dataset/attribute.ts';
import { TAGS, tagName } from './dataset/tag.ts';
import { InvalidArgument } from './errors.ts';
import type { Filter } from './filter.ts';
import { type FilterFieldKind, filterValue } from './filter-value.ts';
import { isObject } from './is-object.ts';

/** Levels of conditions within conditions. */
export const MAX_DEPTH = 10;
const MAX_TESTS = 500;
const MAX_VALUES = 1000;

const EQUALITY = ['eq', 'ne', 'in', 'notIn'] as const;
const ORDER = [...EQUALITY, 'lt', 'lte', 'gt', 'gte'] as const;
const LISTS = ['has', 'hasSome', 'hasEvery'] as const;
type InputOperator = (typeof ORDER)[number] | (typeof LISTS)[number] | 'contains' | 'startsWith';

/** The operators of the API for each kind of field. */
export const FILTER_OPERATORS: Readonly<Record<FilterFieldKind, readonly InputOperator[]>> = {
  text: [...EQUALITY, 'contains', 'startsWith'],
  enum: EQUALITY,
  uuid: EQUALITY,
  boolean: EQUALITY,
  number: ORDER,
  money: ORDER,
  timestamp: ORDER,
  texts: LISTS,
  attribute: [...ORDER, 'contains', 'startsWith'],
  tag: [...EQUALITY, 'contains', 'startsWith'],
};

/**
 * Values within a column that tests name: by which member, and how that gives the name of the
 * field.
 */
interface NamedField {
  readonly kind: 'attribute' | 'tag';
  readonly by: 'path' | 'key';
  readonly what: string;
  readonly nameOf: (name: string, argument: string) => string;
}

const WITHIN: Readonly<Record<string, NamedField | undefined>> = {
  [ATTRIBUTES]: { kind: 'attribute', by: 'path', what: 'an attribute', nameOf: attributeName },
  [TAGS]: { kind: 'tag', by: 'key', what: 'a tag', nameOf: tagName },
};

/**
 * The state of one normalisation: the known fields, and how many tests and values the filter has so
 * far.
 */
interface Normalization {
  readonly known: (field: string) => FilterFieldKind | undefined;
  tests: number;
  values: number;
}

/**
 * Converts a filter of the API to the filter tree. The filter has the form `{ field: { eq, ne, in,
 * notIn, contains, startsWith, gt, gte, lt, lte, has, hasSome, hasEvery }, and, or, not }`, where
 * all fields and all operators must hold. Returns null if it matches every row: no filter, `{}`,
 * `and: []`. `or: []` and `in: []` match nothing, `notIn: []` matches everything. `eq: null` and a
 * null in a list match rows where the field is absent. A null instead of a filter or of a field's
 * operators is no condition. Tests of attributes and tags are lists: `{ attributes: [{ path: "a.b",
 * eq: 1 }], tags: [{ key: "team", eq: "search" }] }`. In the tree, only the root can be a constant,
 * and a group has at least two parts, none of its own kind.
 *
 * @param known returns the kind of a field, undefined if there is no such field
 * @throws InvalidArgument, at the path of the wrong part, for unknown fields and operators, values
 *   of another type, and filters with more than 10 levels, 500 tests or 1000 values.
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

/** Where in the filter the normalisation is. */
interface Context {
  readonly path: string;
  readonly depth: number;
  /** Whether an odd number of `not` enclose it. */
  readonly negated: boolean;
}

/** Where the normalisation is, inside the operators of a field. */
interface FieldContext extends Context {
  readonly field: string;
  readonly kind: FilterFieldKind;
}

function normalizeObject(
  normalization: Normalization,
  input: unknown,
  { path, depth, negated }: Context,
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
    } else if (WITHIN[name] !== undefined && normalization.known(name) === WITHIN[name].kind) {
      const named = WITHIN[name];
      const tests = listOf(Array.isArray(value) ? value : [value], inner.path).map((test, index) =>
        normalizeNamed(normalization, test, { ...inner, named, path: `${inner.path}.${index}` }),
      );
      parts.push(combine(negated ? 'or' : 'and', tests));
    } else {
      parts.push(normalizeField(normalization, value, { ...inner, field: name }));
    }
  }
  return combine(negated ? 'or' : 'and', parts);
}

function normalizeField(
  normalization: Normalization,
  input: unknown,
  context: Omit<FieldContext, 'kind'>,
): Filter {
  const { field } = context;
  const kind = normalization.known(field);
  if (kind === undefined) throw new InvalidArgument(`There is no field ${field} to filter by.`, context.path);
  return normalizeOperators(normalization, input, { ...context, kind });
}

function normalizeOperators(normalization: Normalization, input: unknown, context: FieldContext): Filter {
  const { kind } = context;
  const tests: Filter[] = [];
  for (const [name, value] of Object.entries(objectOf(input, context.path))) {
    if (value === undefined) continue;
    const path = `${context.path}.${name}`;
    const operator = FILTER_OPERATORS[kind].find((known) => known === name);
    if (operator === undefined) {
      throw new InvalidArgument(
        `${context.path} has the operators ${FILTER_OPERATORS[kind].join(', ')}.`,
        path,
      );
    }
    count(normalization, value, path);
    tests.push(normalizeTest(operator, value, { ...context, path }));
  }
  return combine(context.negated ? 'or' : 'and', tests);
}

/** A test of an attribute or a tag: what names it, and operators like those of a field. */
function normalizeNamed(
  normalization: Normalization,
  input: unknown,
  { named: { kind, by, what, nameOf }, ...context }: Context & { readonly named: NamedField },
): Filter {
  const { [by]: name, ...operators } = objectOf(input, context.path);
  const at = `${context.path}.${by}`;
  if (typeof name !== 'string') throw new InvalidArgument(`${at} takes the ${by} of ${what}.`, at);
  return normalizeOperators(normalization, operators, { ...context, field: nameOf(name, at), kind });
}

function normalizeTest(input: InputOperator, value: unknown, context: FieldContext): Filter {
  const { field, kind } = context;
  const negated = (input === 'ne' || input === 'notIn') !== context.negated;
  if (input === 'in' || input === 'notIn') return normalizeIn(value, { ...context, negated });
  if (input === 'hasSome' || input === 'hasEvery') return normalizeHas(input, value, context);
  const operator = input === 'ne' ? 'eq' : input;
  if (operator === 'eq' && value === null) return { kind: 'test', field, operator, value, negated };
  return {
    kind: 'test',
    field,
    operator,
    value: filterValue({ kind, operator }, value, context.path),
    negated,
  };
}

/** Never passes null to SQL's `in`. A list of one value becomes an `eq`, which is the same. */
function normalizeIn(input: unknown, { field, kind, path, negated }: FieldContext): Filter {
  const list = listOf(input, path);
  const values = new Set(
    list.map((item, index) =>
      item === null ? null : filterValue({ kind, operator: 'in' }, item, `${path}.${index}`),
    ),
  );
  const tests: Filter[] = [];
  if (values.delete(null)) tests.push({ kind: 'test', field, operator: 'eq', value: null, negated });
  const [first] = values;
  if (values.size > 1) tests.push({ kind: 'test', field, operator: 'in', value: [...values], negated });
  else if (first !== undefined) tests.push({ kind: 'test', field, operator: 'eq', value: first, negated });
  return combine(negated ? 'and' : 'or', tests);
}

/** An empty `hasSome` matches no row, an empty `hasEvery` every row. */
function normalizeHas(
  input: 'hasSome' | 'hasEvery',
  list: unknown,
  { field, kind, path, negated }: FieldContext,
): Filter {
  const tests = listOf(list, path).map((item, index): Filter => {
    const value = filterValue({ kind, operator: 'has' }, item, `${path}.${index}`);
    return { kind: 'test', field, operator: 'has', value, negated };
  });
  return combine((input === 'hasSome') !== negated ? 'or' : 'and', tests);
}

/**
 * Combines the parts to one filter. It evaluates constants, merges groups of the same kind, and
 * returns a single part as it is.
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

function objectOf(input: unknown, path: string): Readonly<Record<string, unknown>> {
  if (isObject(input)) return input;
  throw new InvalidArgument(`${path} takes an object.`, path);
}

function listOf(input: unknown, path: string): readonly unknown[] {
  if (Array.isArray(input)) return input;
  throw new InvalidArgument(`${path} takes a list.`, path);
}
