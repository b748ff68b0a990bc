import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Column } from '../core/dataset/column.ts';
import { fieldOf } from '../core/dataset/field.ts';
import type { EntityTable } from '../core/dataset/table.ts';
import type { Filter, FilterTest, Scalar } from '../core/filter.ts';
import type { AttributeSql, FilterFunctions } from '../storage/dialect/analytics-functions.ts';

/** A reference to a column; `alias` is the name of its table in the query. */
export function columnReference(column: Column, alias?: string): RawBuilder<unknown> {
  return sql.ref(alias === undefined ? column.sqlName : `${alias}.${column.sqlName}`);
}

/** Whether it is an attribute, whose values have several types. */
export const isOfAnyType = ({ kind, path }: Column): boolean => kind === 'json' && path !== undefined;

/** The query that an expression becomes part of. */
export interface InQuery {
  readonly functions: FilterFunctions;
  /** The name of the table in the query. Absent: columns are not qualified. */
  readonly alias?: string | undefined;
}

/** The value of a column, or the text of a tag. */
function valueSql(query: InQuery, column: Column): RawBuilder<unknown> {
  return column.path === undefined ? columnReference(column, query.alias) : attributeSql(query, column).text;
}

/**
 * Compiles a filter to an SQL condition on the table. It is the only compiler of filters to SQL,
 * for lists and analytics alike. The condition is true exactly for the rows that `matches` of
 * `core/filter.ts` accepts, and never null.
 */
export function whereFilter(query: InQuery, table: EntityTable, filter: Filter): RawBuilder<SqlBool> {
  if (filter.kind === 'test') return whereTest(query, fieldOf(table, filter.field), filter);
  if (filter.all.length === 0) return filter.kind === 'and' ? sql`true` : sql`false`;
  const parts = filter.all.map((part) => whereFilter(query, table, part));
  return sql`(${sql.join(parts, filter.kind === 'and' ? sql` and ` : sql` or `)})`;
}

/** Compiles one test of a column, a tag, or an attribute. */
export function whereTest(
  query: InQuery,
  column: Column,
  test: Omit<FilterTest, 'field'>,
): RawBuilder<SqlBool> {
  if (isOfAnyType(column)) return whereAttribute(query, column, test);
  const reference = valueSql(query, column);
  if (test.operator === 'eq' && test.value === null) {
    return test.negated ? sql`${reference} is not null` : sql`${reference} is null`;
  }
  const condition = comparison(query.functions, { column, reference }, test);
  if (!test.negated) return condition;
  // A negated test also matches rows without a value, for which the comparison is null.
  return column.optional ? sql`(${condition}) is not true` : sql`not (${condition})`;
}

function comparison(
  functions: FilterFunctions,
  { column, reference }: { readonly column: Column; readonly reference: RawBuilder<unknown> },
  { operator, value }: Omit<FilterTest, 'field'>,
): RawBuilder<SqlBool> {
  if (Array.isArray(value)) {
    if (value.length === 0) return sql`false`;
    return sql`${reference} in (${sql.join(value.map((one) => bound(functions, column, one)))})`;
  }
  if (operator === 'contains') return functions.contains(reference, String(value));
  if (operator === 'startsWith') return functions.startsWith(reference, String(value));
  if (operator === 'has') return functions.hasElement(reference, String(value));
  const right = bound(functions, column, value);
  if (operator === 'eq') return sql`${reference} = ${right}`;
  const ordered = ORDERED_KINDS.has(column.kind) ? reference : functions.codePointOrder(reference);
  return sql`${ordered} ${COMPARISONS[operator]} ${right}`;
}

/**
 * A comparison is true only for values of its operand's type. Without a value, all parts are null.
 */
function whereAttribute(
  query: InQuery,
  column: Column,
  { operator, value, negated }: Omit<FilterTest, 'field'>,
): RawBuilder<SqlBool> {
  const parts = attributeSql(query, column);
  if (operator === 'eq' && value === null) {
    const isAbsent = [parts.number, parts.text, parts.boolean].map((part) => sql`${part} is null`);
    return negated ? sql`not (${sql.join(isAbsent, sql` and `)})` : sql`(${sql.join(isAbsent, sql` and `)})`;
  }
  const condition = compareAttribute(query.functions, { column, parts }, { operator, value });
  return negated ? sql`(${condition}) is not true` : sql`(${condition})`;
}

function compareAttribute(
  functions: FilterFunctions,
  { column, parts }: { readonly column: Column; readonly parts: AttributeSql },
  { operator, value }: Pick<FilterTest, 'operator' | 'value'>,
): RawBuilder<SqlBool> {
  if (Array.isArray(value)) {
    // A part is computed once for all values of its type.
    const tests = [parts.number, parts.text, parts.boolean].flatMap((part) => {
      const own = value.filter((one) => partFor(parts, one) === part);
      const operands = own.map((one) => bound(functions, column, one));
      return own.length === 0 ? [] : [sql`${part} in (${sql.join(operands)})`];
    });
    return tests.length === 0 ? sql`false` : sql`${sql.join(tests, sql` or `)}`;
  }
  const part = partFor(parts, value);
  if (operator === 'contains') return functions.contains(part, String(value));
  if (operator === 'startsWith') return functions.startsWith(part, String(value));
  if (operator === 'has') throw new Error('Attributes have no operator for lists');
  const compared = operator === 'eq' ? sql`=` : COMPARISONS[operator];
  return sql`${part} ${compared} ${bound(functions, column, value)}`;
}

/** The parts of the value at the path of a column. */
export function attributeSql({ functions, alias }: InQuery, column: Column): AttributeSql {
  return functions.attribute(columnReference(column, alias), column.path ?? []);
}

/** The part that holds values of the type of this one. */
function partFor({ number, text, boolean }: AttributeSql, value: Scalar): RawBuilder<unknown> {
  if (typeof value === 'number') return number;
  return typeof value === 'boolean' ? boolean : text;
}

/** The value to add up or count: the numbers of an attribute; otherwise the value itself. */
export function measureSql(query: InQuery, column: Column): RawBuilder<unknown> {
  return isOfAnyType(column) ? attributeSql(query, column).number : valueSql(query, column);
}

const COMPARISONS = { lt: sql`<`, lte: sql`<=`, gt: sql`>`, gte: sql`>=`, in: sql`=` } as const;

/** Kinds that both databases order in the same way, unlike text. */
export const ORDERED_KINDS: ReadonlySet<Column['kind']> = new Set([
  'integer',
  'float',
  'money',
  'boolean',
  'timestamp',
]);

/**
 * A value of a column, in stored units, as a parameter. Numbers are bound as doubles. It is legal
 * to compare a 32-bit integer column with 1.5 or 3e9, but PostgreSQL would use the column's type
 * for the parameter and reject the value.
 */
export function bound(functions: FilterFunctions, column: Column, value: Scalar): Expression<unknown> {
  if (typeof value === 'boolean') return value ? sql`true` : sql`false`;
  if (typeof value !== 'number') return sql`${value}`;
  return column.kind === 'timestamp' ? functions.instant(value) : sql`cast(${value} as double precision)`;
}
