import { CompiledQuery } from 'kysely';
import type { Store } from '../store.ts';
import { readHistory } from './history.ts';
import { type AppliedMigration, isApplied } from './migration.ts';

/**
 * The migrations that the database of an open store has, oldest first. Excludes attempts that
 * failed or were rolled back.
 */
export async function readApplied({
  dialect,
  query,
}: Pick<Store, 'dialect' | 'query'>): Promise<AppliedMigration[]> {
  const history = await readHistory({
    dialect,
    async query(sql, parameters = []) {
      const { rows } = await query.executeQuery<Record<string, unknown>>(
        CompiledQuery.raw(sql, [...parameters]),
      );
      return rows;
    },
  });
  return history.filter(isApplied);
}
