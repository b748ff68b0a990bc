import { type RawBuilder, sql } from 'kysely';
import type { CopyParameter } from './protocol.ts';

/** A bound whole number. Without a type, DuckDB takes numbers for doubles. */
export const whole = (value: number): RawBuilder<number> => sql`cast(${value} as bigint)`;

/** Bound whole numbers as a column. One text carries all of them. */
export const numbersOf = (values: readonly number[]): RawBuilder<number> =>
  sql`unnest(from_json_strict(cast(${JSON.stringify(values)} as varchar), '["BIGINT"]'))`;

/**
 * A parameter of a compiled statement.
 *
 * @throws TypeError for values that statements never bind: they bind times and lists as numbers and
 *   texts
 */
export function toParameter(value: unknown): CopyParameter {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  throw new TypeError(`A statement on the copy binds a ${typeof value}.`);
}
