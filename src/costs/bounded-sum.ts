import { type RawBuilder, sql } from 'kysely';

/**
 * The sum of a stored sum and an addend; null counts as 0. A sum that its column cannot hold stays
 * at the bound: from 0 to `most`.
 */
export function boundedSum(
  stored: RawBuilder<unknown>,
  added: RawBuilder<unknown>,
  most: number,
): RawBuilder<number> {
  const sum = sql`coalesce(${stored}, 0) + ${added}`;
  return sql`case when ${sum} > ${sql.lit(most)} then ${sql.lit(most)} when ${sum} < 0 then 0 else ${sum} end`;
}

/** At most what a double and a 64-bit column hold exactly, in both directions. */
export const withinBounds = (sum: number): number =>
  Math.min(Math.max(sum, -Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
