import { type AliasableExpression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { FirstRows, SqlFunctions } from './functions.ts';

/** The keys of `firstOfEach` as a table, to be given the alias `wanted`. */
export const keysOf = (
  functions: Pick<SqlFunctions, 'parameterTable'>,
  { keys }: Pick<FirstRows, 'keys'>,
): AliasableExpression<Record<string, unknown>> =>
  functions.parameterTable(
    { key: 'text' },
    keys.map((key) => ({ key })),
  );

/** Whether a row has the key of the row of `wanted` and meets the conditions. */
export const ofWanted = ({
  column,
  conditions,
}: Pick<FirstRows, 'column' | 'conditions'>): RawBuilder<SqlBool> =>
  sql`${sql.join([sql`${column} = wanted.key`, ...conditions], sql` and `)}`;
