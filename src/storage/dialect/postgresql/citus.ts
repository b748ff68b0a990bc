import type { Store } from '../../store.ts';

/**
 * Whether the tables may be spread over several servers, by the extension Citus. Then no statement
 * sees all of them as they were at one moment.
 */
export async function isDistributed({ dialect, query }: Pick<Store, 'dialect' | 'query'>): Promise<boolean> {
  if (dialect !== 'postgresql') return false;
  const extension = query.selectFrom('pg_extension').select('extname').where('extname', '=', 'citus');
  return (await extension.executeTakeFirst()) !== undefined;
}
