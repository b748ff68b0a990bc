import { type RawBuilder, sql } from 'kysely';

/** A bound whole number. Without a type, DuckDB takes numbers for doubles. */
export const whole = (value: number): RawBuilder<number> => sql`cast(${value} as bigint)`;

/** Bound whole numbers as a column. One text carries all of them. */
export const numbersOf = (values: readonly number[]): RawBuilder<number> =>
  sql`unnest(from_json_strict(cast(${JSON.stringify(values)} as varchar), '["BIGINT"]'))`;
