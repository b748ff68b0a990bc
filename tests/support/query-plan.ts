import { CompiledQuery } from 'kysely';
import type { Store } from '../../src/storage/store.ts';

interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * The steps of the database's plan for a statement.
 *
 * @param run whether PostgreSQL also executes it: only then it shows what a recursive step reads.
 */
export async function queryPlan(
  { dialect, query }: Pick<Store, 'dialect' | 'query'>,
  { sql, parameters }: Statement,
  { run = false } = {},
): Promise<string[]> {
  const explain = {
    sqlite: 'explain query plan',
    postgresql: run ? 'explain (analyze, timing off)' : 'explain',
  };
  const explained = CompiledQuery.raw(`${explain[dialect]} ${sql}`, [...parameters]);
  const { rows } = await query.executeQuery<Record<string, string>>(explained);
  return rows.map((row) => row['detail'] ?? row['QUERY PLAN'] ?? '');
}
