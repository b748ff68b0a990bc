import { CompiledQuery } from 'kysely';
import type { Store } from '../store.ts';
import type { MigrationRecord } from './migration.ts';
import { readRecords } from './records.ts';

/** The migrations that the database of an open store has, oldest first. Attempts that failed or were undone are left out. */
export async function readApplied({
  dialect,
  query,
}: Pick<Store, 'dialect' | 'query'>): Promise<MigrationRecord[]> {
  const records = await readRecords({
    dialect,
    async query(sql, parameters = []) {
      const { rows } = await query.executeQuery<Record<string, unknown>>(
        CompiledQuery.raw(sql, [...parameters]),
      );
      return rows;
    },
  });
  return records.filter(({ finishedAt, rolledBackAt }) => finishedAt !== null && rolledBackAt === null);
}
