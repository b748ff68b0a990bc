import { type RawBuilder, sql } from 'kysely';
import type { Column } from '../core/dataset/column.ts';
import { attributeSql, columnReference } from '../filter/where.ts';
import type {
  AnalyticsFunctions,
  AttributeSql,
  DynamicSelect,
} from '../storage/dialect/analytics-functions.ts';

/** The name of the table of events in queries. */
export const EVENT = 'event';

/** An attribute has values of several types, so it is a column per type. */
export function groupByAttribute(query: DynamicSelect, position: number, parts: AttributeSql): DynamicSelect {
  return ATTRIBUTE_PARTS.reduce((grouped, part) => {
    const alias = partAlias(position, part);
    const value: RawBuilder<unknown> = parts[part];
    // By its name: the expression has parameters, and no two expressions with parameters are the same.
    return grouped.select(value.as(alias)).groupBy(alias);
  }, query);
}

/** In the order in which values of several types are sorted. */
export const ATTRIBUTE_PARTS = ['number', 'text', 'boolean'] as const;

/** The name of a part of an attribute in the answer of the database, by its position among the dimensions. */
export const partAlias = (position: number, part: (typeof ATTRIBUTE_PARTS)[number]): string =>
  `dimension_${position}_${part}`;

/** Ascending; numbers, then text, then booleans; those without a value last. */
export function orderByAttribute(query: DynamicSelect, position: number): DynamicSelect {
  return ATTRIBUTE_PARTS.reduce(
    (sorted, part) => sorted.orderBy(partAlias(position, part), (order) => order.asc().nullsLast()),
    query,
  );
}

/** Types exclude each other, so the values of each are counted by themselves. */
export function countDistinct(functions: AnalyticsFunctions, column: Column): RawBuilder<unknown> {
  if (column.path === undefined) return sql`count(distinct ${columnReference(column, EVENT)})`;
  const parts = attributeSql(functions, column, EVENT);
  return sql.join(
    ATTRIBUTE_PARTS.map((part) => sql`count(distinct ${parts[part]})`),
    sql` + `,
  );
}

/** Rows with a value of an attribute that is no number. */
export function countOthers(functions: AnalyticsFunctions, column: Column): RawBuilder<unknown> {
  if (column.path === undefined) return sql.lit(0);
  const { number, isPresent } = attributeSql(functions, column, EVENT);
  return sql`count(*) filter (where ${isPresent} and ${number} is null)`;
}
