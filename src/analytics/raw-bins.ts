import { type RawBuilder, sql } from 'kysely';
import { defined, present } from '../core/defined.ts';
import { bound, measureSql } from '../filter/where.ts';
import type { DynamicSelect } from '../storage/dialect/analytics-functions.ts';
import { accumulatorOf, type ResultRow, type RowsTarget, readLong } from './raw.ts';
import { EVENT } from './raw-attributes.ts';
import { PIECE, type RowsQuestion, rowCount, selectRows, successCount } from './raw-sql.ts';

/**
 * Counts the rows within the pieces by the bin of their value. The question has no dimensions, and
 * the measure with edges is its only one.
 *
 * @returns the number of rows.
 */
export async function addBinnedRows(question: RowsQuestion, target: RowsTarget): Promise<number> {
  const rows: ResultRow[] = await readLong(question, binsQuery(question, target));
  let rowsRead = 0;
  for (const row of rows) {
    const times = Number(row.row_count);
    rowsRead += times;
    const accumulator = accumulatorOf(question, target, row);
    accumulator.rowCount += times;
    accumulator.successCount += Number(row.success_count ?? 0);
    if (row.bin === null) continue;
    const totals = defined(accumulator.measures[0]);
    totals.count += times;
    const bins = present(totals.bins);
    bins[Number(row.bin)] = defined(bins[Number(row.bin)]) + times;
  }
  return rowsRead;
}

/** The number of rows per piece and bin; bin null: those without the measure. */
function binsQuery(question: RowsQuestion, { measures }: Pick<RowsTarget, 'measures'>): DynamicSelect {
  const { context, spec } = question;
  const { column, edges } = defined(measures[0]);
  const value = sql.ref('value');
  const bounds = (edges ?? []).map((edge) => bound(context.functions, column, edge));
  const bin = sql<number | null>`case when ${value} is not null then ${binOf(value, bounds)} end`;
  // The value of an attribute is computed once, not for each comparison.
  const { rows, number } = selectRows(question);
  const values = rows
    .select(measureSql({ functions: context.functions, alias: EVENT }, column).as('value'))
    .$if(spec.dataset.hasSuccess, (query) => query.select(`${EVENT}.success`))
    .$if(number !== null, (query) => query.select(present(number).as(PIECE)));
  return context.query
    .selectFrom(values.as(EVENT))
    .select([bin.as('bin'), rowCount.as('row_count')])
    .groupBy('bin')
    .$if(spec.dataset.hasSuccess, (query) => query.select(successCount.as('success_count')))
    .$if(number !== null, (query) => query.select(PIECE).groupBy(PIECE));
}

/**
 * The number of edges that the value has passed, found by binary search. Comparing with the edges
 * is exact, whereas a formula might round. A value equal to an edge has passed it, but the last bin
 * includes its end.
 */
function binOf(value: RawBuilder<unknown>, edges: readonly unknown[]): RawBuilder<number> {
  const last = edges.length - 1;
  const search = (low: number, high: number): RawBuilder<number> => {
    if (low === high) return sql.lit(low);
    const middle = (low + high) >> 1;
    const isBelow = middle === last ? sql`<=` : sql`<`;
    return sql`case when ${value} ${isBelow} ${edges[middle]} then ${search(low, middle)}
      else ${search(middle + 1, high)} end`;
  };
  return search(0, edges.length);
}
