import { type Expression, type SqlBool, sql } from 'kysely';
import { defined } from '../core/defined.ts';
import type {
  DynamicSelect,
  RowsOfPieces,
  SelectedPieces,
  SelectFrom,
} from '../storage/dialect/analytics-functions.ts';
import { PIECE_NUMBER } from '../storage/dialect/join-pieces.ts';
import { numbersOf, whole } from './parameters.ts';

type Pieces = RowsOfPieces['pieces'];

/**
 * DuckDB joins fast by equal numbers and slowly by ranges. So time is cut into steps of equal
 * length, and a division finds the step of an event. If the pieces are these steps, no join is
 * needed. Otherwise a piece has a row for each step that it touches, and the conditions on time
 * choose among the pieces that share a step.
 */
export function selectPieces(query: SelectFrom, rows: RowsOfPieces): SelectedPieces {
  const { table, alias, projectId, pieces, conditions } = rows;
  const timestamp = sql.ref(`${alias}.timestamp`);
  const steps = cutIntoSteps(pieces);
  const stepOf = (instant: unknown) =>
    sql<number>`((${instant} - ${whole(steps.base)}) // ${whole(steps.length)})`;
  const among = [
    sql<SqlBool>`${sql.ref(`${alias}.project_id`)} = ${projectId}`,
    sql<SqlBool>`${timestamp} >= ${whole(defined(pieces[0]).from)}`,
    sql<SqlBool>`${timestamp} < ${whole(defined(pieces.at(-1)).to)}`,
    ...conditions,
  ];
  const all: DynamicSelect = query.selectFrom(`${table} as ${alias}`);
  if (areSteps(pieces, steps)) return { rows: where(all, among), number: stepOf(timestamp) };
  const [from, to] = [sql.ref('piece.from'), sql.ref('piece.to')];
  const ranges = sql`(select unnest(range(${sql.lit(pieces.length)})) as number,
    ${numbersOf(pieces.map((piece) => piece.from))} as "from", ${numbersOf(pieces.map((piece) => piece.to))} as "to")`;
  const touched = sql<Record<string, unknown>>`(select *,
    unnest(range(${stepOf(from)}, ${stepOf(sql`${to} - 1`)} + 1)) as step from ${ranges} as piece)`;
  const joined = all.innerJoin(touched.as('piece'), (join) => join.on('piece.step', '=', stepOf(timestamp)));
  const within = [sql<SqlBool>`${timestamp} >= ${from}`, sql<SqlBool>`${timestamp} < ${to}`];
  return { rows: where(joined, [...among, ...within]), number: PIECE_NUMBER };
}

const where = (rows: DynamicSelect, conditions: readonly Expression<SqlBool>[]): DynamicSelect =>
  conditions.reduce((selected, condition) => selected.where(condition), rows);

/** Steps of equal length from a base on, in milliseconds. */
interface Steps {
  readonly base: number;
  readonly length: number;
}

/** Whether each piece is the step of its number. The first and the last may be cut. */
function areSteps(pieces: Pieces, { base, length }: Steps): boolean {
  return pieces.every(({ from, to }, index) => {
    const start = base + index * length;
    const follows = index === 0 || from === pieces[index - 1]?.to;
    return follows && from >= start && to <= start + length;
  });
}

/** A piece may touch many steps, and all steps together are a table in memory. */
const MAX_STEPS = 100_000;

/**
 * The longest steps such that all pieces begin and end at their edges, except for the first
 * beginning and the last end: then no two pieces share a step. For days, the steps are hours in
 * most time zones, and half hours in others.
 */
function cutIntoSteps(pieces: Pieces): Steps {
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
