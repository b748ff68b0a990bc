import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { fieldOf } from '../core/dataset/field.ts';
import { defined } from '../core/defined.ts';
import { columnReference, measureSql, ORDERED_KINDS } from '../filter/where.ts';
import type { DynamicSelect } from '../storage/dialect/analytics-functions.ts';
import { ORDER_QUANTILE } from './group-order.ts';
import type { ResolvedMeasure } from './measures.ts';
import { EVENT, orderByPath } from './raw-attributes.ts';
import { groupRows, type Piece, type RowsQuestion, rowCount, successCount, totalsQuery } from './raw-sql.ts';
import type { RowsContext } from './read-context.ts';
import type { GroupOrder } from './spec.ts';

/** The first groups of an order, among those with at least `atLeast` rows. */
export interface Ranking {
  readonly order: GroupOrder;
  readonly first: number;
  readonly atLeast: number;
}

/** The groups from which a ranking takes the first. */
const RANKED = 'ranked';

/**
 * Like `totalsQuery` over one piece, for the groups of the ranking. total_rows counts the rows of
 * all groups that are large enough. (As a window over the groups, it would make DuckDB compute all
 * quantiles on one thread.)
 */
export function rankedTotalsQuery(
  question: RowsQuestion,
  measures: readonly ResolvedMeasure[],
  { order, first, atLeast }: Ranking,
) {
  const { context, spec } = question;
  const all = totalsQuery(question, { measures, kept: null, quantiles: true });
  // Every group has a row.
  const large = atLeast > 1 ? all.having(sql<SqlBool>`${rowCount} >= ${atLeast}`) : all;
  const value = orderValue(context, measures, order);
  const groups = typeof value === 'string' ? large : large.select(value.as(ORDER_VALUE));
  const total = sql<number | string>`(select sum(row_count) from ${sql.table(RANKED)})`;
  const ranked: DynamicSelect = context.query
    .with(
      (name) => name(RANKED).materialized(),
      () => groups,
    )
    .selectFrom(RANKED)
    .selectAll()
    .select(total.as('total_rows'));
  const by = typeof value === 'string' ? value : ORDER_VALUE;
  const terms = { value: sql.ref(by), direction: order.direction };
  return orderGroups({ context, spec }, ranked, terms, (name) => sql.ref(`${RANKED}.${name}`)).limit(first);
}

function mergeAdjacent(pieces: readonly Piece[]): Piece[] {
  const merged: Piece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (last?.to === piece.from) merged[merged.length - 1] = { ...last, to: piece.to };
    else merged.push(piece);
  }
  return merged;
}

/**
 * The groups with the most rows in the pieces: row_count and the dimensions. `first` null: all
 * groups.
 */
export function largestGroupsQuery(question: RowsQuestion, first: number | null) {
  const pieces = mergeAdjacent(question.pieces);
  const query = groupRows({ ...question, pieces }, null, 'none').select(rowCount.as('row_count'));
  if (first === null) return query;
  const order = { value: sql.ref('row_count'), direction: 'desc' } as const;
  const referTo = (name: string) => columnReference(fieldOf(question.spec.dataset, name), EVENT);
  return orderGroups(question, query, order, referTo).limit(first);
}

/**
 * Groups without a value come last in both directions; ties are sorted by the dimensions, null
 * last.
 */
function orderGroups(
  { context: { functions }, spec }: Pick<RowsQuestion, 'context' | 'spec'>,
  query: DynamicSelect,
  { value, direction }: { value: RawBuilder<unknown>; direction: GroupOrder['direction'] },
  referTo: (dimension: string) => RawBuilder<unknown>,
): DynamicSelect {
  const first = query.orderBy(value, (order) => order[direction]().nullsLast());
  return spec.dimensions.reduce((ordered, name, position) => {
    const column = fieldOf(spec.dataset, name);
    if (column.path !== undefined) return orderByPath(ordered, position, column);
    const reference = referTo(name);
    const comparable = ORDERED_KINDS.has(column.kind) ? reference : functions.codePointOrder(reference);
    return ordered.orderBy(comparable, (order) => order.asc().nullsLast());
  }, first);
}

/** The name of the value by which groups are ordered, if it is not a total. */
const ORDER_VALUE = 'order_value';

/** The value of an order: the name of the total that it is, so that nothing is computed twice. */
function orderValue(
  { functions }: RowsContext,
  measures: readonly ResolvedMeasure[],
  { by }: GroupOrder,
): RawBuilder<unknown> | string {
  if (by === 'count') return 'row_count';
  // Without dimensions there is one group even if there are no rows.
  const rows = sql`nullif(${rowCount}, 0)`;
  if (by === 'successRate') return sql`cast(${successCount} as double precision) / ${rows}`;
  if (by === 'errorRate') return sql`cast(${rowCount} - ${successCount} as double precision) / ${rows}`;
  const index = measures.findIndex(({ column }) => column.name === by.measure);
  const { column, quantiles } = defined(measures[index]);
  if (by.aggregate === 'p95') return `quantile_${index}_${quantiles.indexOf(ORDER_QUANTILE)}`;
  if (by.aggregate !== 'sum' && by.aggregate !== 'avg') return `${by.aggregate}_${index}`;
  const value = measureSql({ functions, alias: EVENT }, column);
  // If no row has the measure, its sum is unknown. Such groups come last, as do those without a
  // mean.
  if (by.aggregate === 'sum') return sql`case when count(${value}) > 0 then ${functions.sum(value)} end`;
  return sql`${functions.sum(value)} / nullif(count(${value}), 0)`;
}
