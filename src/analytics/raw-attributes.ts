import { type RawBuilder, sql } from 'kysely';
import type { Column } from '../core/dataset/column.ts';
import { attributeSql, columnReference, isOfAnyType } from '../filter/where.ts';
import type { AnalyticsFunctions, DynamicSelect } from '../storage/dialect/analytics-functions.ts';

/** The name of the table of events in queries. */
export const EVENT = 'event';

/** The types that a value within JSON may have, in the order in which values of several types are sorted. */
export const VALUE_PARTS = ['number', 'text', 'boolean'] as const;

/** A tag has one type, an attribute all of them. */
const partsOf = (column: Column): readonly (typeof VALUE_PARTS)[number][] =>
  isOfAnyType(column) ? VALUE_PARTS : ['text'];

/** Groups by the value at a path. It is a column of the answer per type that it may have. */
export function groupByPath(
  query: DynamicSelect,
  position: number,
  { functions, column }: { readonly functions: AnalyticsFunctions; readonly column: Column },
): DynamicSelect {
  const parts = attributeSql({ functions, alias: EVENT }, column);
  return partsOf(column).reduce((grouped, part) => {
    const alias = partAlias(position, part);
    const value: RawBuilder<unknown> = parts[part];
    // By its name: the expression has parameters, and no two expressions with parameters are the same.
    return grouped.select(value.as(alias)).groupBy(alias);
  }, query);
}

/** The name of a part of a value in the answer of the database, by its position among the dimensions. */
export const partAlias = (position: number, part: (typeof VALUE_PARTS)[number]): string =>
  `dimension_${position}_${part}`;

/** Ascending; numbers, then text, then booleans; those without a value last. */
export function orderByPath(query: DynamicSelect, position: number, column: Column): DynamicSelect {
  return partsOf(column).reduce(
    (sorted, part) => sorted.orderBy(partAlias(position, part), (order) => order.asc().nullsLast()),
    query,
  );
}

/** Types exclude each other, so the values of each are counted by themselves. */
export function countDistinct(functions: AnalyticsFunctions, column: Column): RawBuilder<unknown> {
  if (column.path === undefined) return sql`count(distinct ${columnReference(column, EVENT)})`;
  const parts = attributeSql({ functions, alias: EVENT }, column);
  return sql.join(
    partsOf(column).map((part) => sql`count(distinct ${parts[part]})`),
    sql` + `,
  );
}

/** Rows with a value of an attribute that is no number. */
export function countOthers(functions: AnalyticsFunctions, column: Column): RawBuilder<unknown> {
  if (column.path === undefined) return sql.lit(0);
  const { number, isPresent } = attributeSql({ functions, alias: EVENT }, column);
  return sql`count(*) filter (where ${isPresent} and ${number} is null)`;
}
