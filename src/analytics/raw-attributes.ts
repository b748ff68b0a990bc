import { type RawBuilder, sql } from 'kysely';
import type { Column } from '../core/dataset/column.ts';
import { attributeSql, columnReference, isOfAnyType } from '../filter/where.ts';
import type { AnalyticsFunctions, DynamicSelect } from '../storage/dialect/analytics-functions.ts';

/** The name of the table of events in queries. */
export const EVENT = 'event';

/**
 * The types that a value within JSON may have, in the order in which values of several types are
 * sorted.
 */
export const VALUE_PARTS = ['number', 'text', 'boolean'] as const;

/** A tag has one type; an attribute can have all of them. */
const partsOf = (column: Column): readonly (typeof VALUE_PARTS)[number][] =>
  isOfAnyType(column) ? VALUE_PARTS : ['text'];

/** Groups by the value at a path. The answer has a column for each type that the value may have. */
export function groupByPath(
  query: DynamicSelect,
  position: number,
  { functions, column }: { readonly functions: AnalyticsFunctions; readonly column: Column },
): DynamicSelect {
  const parts = attributeSql({ functions, alias: EVENT }, column);
  return partsOf(column).reduce((grouped, part) => {
    const alias = partAlias(position, part);
    const value: RawBuilder<unknown> = parts[part];
    // By alias: the expression has parameters, and the database takes no two expressions with
    // parameters for the same.
    return grouped.select(value.as(alias)).groupBy(alias);
  }, query);
}

/**
 * The name of a part of a value in the result of the database, by its position among the
 * dimensions.
 */
export const partAlias = (position: number, part: (typeof VALUE_PARTS)[number]): string =>
  `dimension_${position}_${part}`;

/** Ascending: numbers, then text, then booleans. Groups without a value come last. */
export function orderByPath(query: DynamicSelect, position: number, column: Column): DynamicSelect {
  return partsOf(column).reduce(
    (sorted, part) => sorted.orderBy(partAlias(position, part), (order) => order.asc().nullsLast()),
    query,
  );
}

/** A value has one type, so the values of each type can be counted separately. */
export function countDistinct(functions: AnalyticsFunctions, column: Column): RawBuilder<unknown> {
  if (column.path === undefined) return sql`count(distinct ${columnReference(column, EVENT)})`;
  const parts = attributeSql({ functions, alias: EVENT }, column);
  return sql.join(
    partsOf(column).map((part) => sql`count(distinct ${parts[part]})`),
    sql` + `,
  );
}

/** Counts the rows whose attribute has a value that is not a number. */
export function countOthers(functions: AnalyticsFunctions, column: Column): RawBuilder<unknown> {
  if (column.path === undefined) return sql.lit(0);
  const { number, isPresent } = attributeSql({ functions, alias: EVENT }, column);
  return sql`count(*) filter (where ${isPresent} and ${number} is null)`;
}
