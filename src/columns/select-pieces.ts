import { type SqlBool, sql } from 'kysely';
import { defined } from '../core/defined.ts';
import type { DynamicSelect, RowsOfPieces, SelectFrom } from '../storage/dialect/analytics-functions.ts';
import { numbersOf, whole } from './parameters.ts';

type Pieces = RowsOfPieces['pieces'];

/**
 * DuckDB joins fast by equal numbers and slowly by ranges. So time is cut into steps of equal
 * length, and a piece has a row for each step that it touches. A division finds the step of an
 * event; the conditions on time then choose among the pieces that share a step.
 */
export function selectPieces(query: SelectFrom, rows: RowsOfPieces): DynamicSelect {
  const { table, alias, projectId, pieces, conditions } = rows;
  const timestamp = sql.ref(`${alias}.timestamp`);
  const { base, length } = cutIntoSteps(pieces);
  const stepOf = (instant: unknown) => sql`((${instant} - ${whole(base)}) // ${whole(length)})`;
  const [from, to] = [sql.ref('piece.from'), sql.ref('piece.to')];
  const ranges = sql`(select unnest(range(${sql.lit(pieces.length)})) as number,
    ${numbersOf(pieces.map((piece) => piece.from))} as "from", ${numbersOf(pieces.map((piece) => piece.to))} as "to")`;
  const steps = sql<Record<string, unknown>>`(select *,
    unnest(range(${stepOf(from)}, ${stepOf(sql`${to} - 1`)} + 1)) as step from ${ranges} as piece)`;
  const joined: DynamicSelect = query
    .selectFrom(`${table} as ${alias}`)
    .innerJoin(steps.as('piece'), (join) => join.on('piece.step', '=', stepOf(timestamp)));
  return [
    sql<SqlBool>`${sql.ref(`${alias}.project_id`)} = ${projectId}`,
    // For the table alone, so that blocks of other times are skipped.
    sql<SqlBool>`${timestamp} >= ${whole(defined(pieces[0]).from)}`,
    sql<SqlBool>`${timestamp} < ${whole(defined(pieces.at(-1)).to)}`,
    sql<SqlBool>`${timestamp} >= ${from}`,
    sql<SqlBool>`${timestamp} < ${to}`,
    ...conditions,
  ].reduce((selected, condition) => selected.where(condition), joined);
}

/** A piece may touch many steps, and all steps together are a table in memory. */
const MAX_STEPS = 100_000;

/**
 * The longest steps such that all pieces begin and end at their edges, except for the first
 * beginning and the last end: then no two pieces share a step. For days, the steps are hours in
 * most time zones, and half hours in others.
 */
function cutIntoSteps(pieces: Pieces): { readonly base: number; readonly length: number } {
  const first = defined(pieces[0]).from;
  const reach = defined(pieces.at(-1)).to - first;
  const inner = pieces.flatMap(({ from, to }) => [from, to]).slice(1, -1);
  const origin = defined(inner[0]);
  const common = inner.reduce((length, instant) => greatestCommonDivisor(length, instant - origin), 0);
  const length = Math.max(common === 0 ? reach : common, Math.ceil(reach / MAX_STEPS));
  return { base: origin - Math.ceil((origin - first) / length) * length, length };
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}
