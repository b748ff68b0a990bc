import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Column, ColumnValue } from '../core/dataset/column.ts';
import { fieldOf } from '../core/dataset/field.ts';
import { defined } from '../core/defined.ts';
import { GAMMA } from '../core/histogram.ts';
import type { Interval } from '../core/time/range.ts';
import { columnReference, measureSql, whereFilter, whereTest } from '../filter/where.ts';
import type { DynamicSelect } from '../storage/dialect/analytics-functions.ts';
import type { RowsOrigin } from './cover.ts';
import type { ResolvedMeasure } from './measures.ts';
import { countDistinct, countOthers, EVENT, groupByPath } from './raw-attributes.ts';
import type { RowsContext } from './read-context.ts';
import type { QuerySpec, Total } from './spec.ts';

/** A stretch of time within one bucket. */
export interface Piece {
  readonly bucket: number;
  readonly from: number;
  readonly to: number;
}

/** The rows that a question is about: those within the pieces that match the filter of its spec. */
export interface RowsQuestion {
  readonly context: RowsContext;
  readonly spec: QuerySpec;
  readonly pieces: readonly Piece[];
}

/** Such rows, and where they come from. */
export interface RowsPart extends RowsQuestion {
  readonly origin: RowsOrigin;
}

/**
 * Which groups a query returns. Null: all, by the dimensions of the spec. Otherwise the given
 * groups, by their index, and all others as -1.
 */
export type KeptGroups = readonly (readonly ColumnValue[])[] | null;

const LOGARITHM_OF_GAMMA = Math.log(GAMMA);

/** Cuts the ranges at the boundaries of the spec. Both must be in ascending order. */
export function cutAtBoundaries(ranges: readonly Interval[], boundaries: readonly number[]): Piece[] {
  const pieces: Piece[] = [];
  let bucket = 0;
  for (const range of ranges) {
    let from = range.from;
    while (from < range.to) {
      while (defined(boundaries[bucket + 1]) <= from) bucket++;
      const to = Math.min(range.to, defined(boundaries[bucket + 1]));
      pieces.push({ bucket, from, to });
      from = to;
    }
  }
  return pieces;
}

/**
 * Selects the rows within the pieces that match the filter, and the number of a row's piece (null
 * for a single piece, which needs no join). Because of the pieces, the SQL needs no time-zone
 * logic.
 */
export function selectRows({ context: { query, functions }, spec, pieces }: RowsQuestion): {
  readonly rows: DynamicSelect;
  readonly number: RawBuilder<number> | null;
} {
  const { dataset, projectId } = spec;
  const { table } = dataset;
  const conditions =
    spec.filter === null ? [] : [whereFilter({ functions, alias: EVENT }, dataset, spec.filter)];
  const [piece] = pieces;
  if (piece === undefined || pieces.length > 1) {
    return functions.selectPieces(query, { table, alias: EVENT, projectId, pieces, conditions });
  }
  const timestamp = sql.ref(`${EVENT}.timestamp`);
  const all: DynamicSelect = query.selectFrom(`${table} as ${EVENT}`);
  const rows = [
    sql<SqlBool>`${sql.ref(`${EVENT}.project_id`)} = ${projectId}`,
    sql<SqlBool>`${timestamp} >= ${functions.instant(piece.from)}`,
    sql<SqlBool>`${timestamp} < ${functions.instant(piece.to)}`,
    ...conditions,
  ].reduce((selected, condition) => selected.where(condition), all);
  return { rows, number: null };
}

/** The name under which a query returns the number of a piece. */
export const PIECE = 'piece_number';

/** Groups the rows by the dimensions, or by the position among the kept groups. */
export function groupRows(question: RowsQuestion, kept: KeptGroups, split: 'pieces' | 'none' = 'pieces') {
  const { context, spec } = question;
  const { functions } = context;
  const { rows: all, number } = selectRows(question);
  const rows = split === 'none' || number === null ? all : all.select(number.as(PIECE)).groupBy(PIECE);
  if (kept === null) {
    return spec.dimensions.reduce((query, name, position) => {
      const column = fieldOf(spec.dataset, name);
      if (column.path !== undefined) return groupByPath(query, position, { functions, column });
      const reference = `${EVENT}.${column.sqlName}`;
      return query.select(`${reference} as ${name}`).groupBy(reference);
    }, rows);
  }
  return rows.select(positionAmong(context, spec, kept).as('group_position')).groupBy('group_position');
}

function positionAmong(
  { functions }: RowsContext,
  spec: QuerySpec,
  kept: NonNullable<KeptGroups>,
): RawBuilder<number> {
  const columns = spec.dimensions.map((name) => fieldOf(spec.dataset, name));
  const cases = kept.map((values, position) => {
    const tests = columns.map((column, index) => {
      const value = values[index] ?? null;
      return whereTest({ functions, alias: EVENT }, column, {
        kind: 'test',
        operator: 'eq',
        value,
        negated: false,
      });
    });
    return sql`when ${sql.join(tests, sql` and `)} then ${sql.lit(position)}`;
  });
  return sql`case ${sql.join(cases, sql` `)} else -1 end`;
}

export const rowCount = sql<number | string>`count(*)`;
export const successCount = sql<number | string>`count(*) filter (where ${sql.ref(`${EVENT}.success`)})`;

/**
 * The totals of a measure to read from rows. Quantiles from a histogram also need the extremes,
 * which limit them.
 */
export function totalsToRead({ totals, quantiles }: ResolvedMeasure, areExact: boolean): readonly Total[] {
  const needed: readonly Total[] = areExact || quantiles.length === 0 ? [] : ['min', 'max'];
  return [...new Set([...totals, ...needed])];
}

/**
 * Totals per piece (`PIECE`, absent if there is only one) and group: row_count and
 * success_count. For measure i: count_i, whichever of sum_i, min_i and max_i are wanted, and, if
 * `quantiles` is set, the exact quantile_i_j.
 */
export function totalsQuery(
  question: RowsQuestion,
  options: {
    readonly measures: readonly ResolvedMeasure[];
    readonly kept: KeptGroups;
    readonly quantiles: boolean;
  },
) {
  const {
    context: { functions },
    spec,
  } = question;
  let query = groupRows(question, options.kept).select(rowCount.as('row_count'));
  if (spec.dataset.hasSuccess) query = query.select(successCount.as('success_count'));
  options.measures.forEach((measure, index) => {
    const { column, quantiles } = measure;
    const value = measureSql({ functions, alias: EVENT }, column);
    query = query.select(sql`count(${value})`.as(`count_${index}`));
    const totals: Record<Total, RawBuilder<unknown>> = {
      sum: functions.sum(value),
      min: sql`min(${value})`,
      max: sql`max(${value})`,
      distinct: countDistinct(functions, column),
      others: countOthers(functions, column),
    };
    for (const total of totalsToRead(measure, options.quantiles))
      query = query.select(totals[total].as(`${total}_${index}`));
    if (!options.quantiles) return;
    query = query.select(
      functions.percentiles(value, quantiles).map((quantile, at) => quantile.as(`quantile_${index}_${at}`)),
    );
  });
  return query;
}

/**
 * The number of positive values in each bucket of the histogram's mapping, per piece and group.
 * histogram_key null: the number of zeros.
 */
export function histogramQuery(question: RowsQuestion, kept: KeptGroups, column: Column) {
  const value = columnReference(column, EVENT);
  const logarithm = sql`ln(cast(nullif(${value}, 0) as double precision))`;
  const key = sql<
    number | string | null
  >`ceil(${logarithm} / cast(${LOGARITHM_OF_GAMMA} as double precision))`;
  return groupRows(question, kept)
    .where(sql<boolean>`${value} is not null`)
    .select([key.as('histogram_key'), rowCount.as('row_count')])
    .groupBy('histogram_key');
}
