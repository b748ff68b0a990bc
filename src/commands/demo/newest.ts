import { DEFAULT_PROJECT } from '../../access/projects.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { TelltaleError } from '../../core/errors.ts';
import type { Store } from '../../storage/store.ts';
import type { NewestRequest } from './month.ts';

/**
 * The newest demo request in the database. Null if the database is empty.
 *
 * @throws TelltaleError when there are events but no demo requests: real data must not be mixed
 *   with generated events.
 */
export async function findDemoRows(
  { query }: Pick<Store, 'query'>,
  requestLogs: Dataset,
  datasets: readonly Dataset[],
): Promise<NewestRequest | null> {
  const requests = query
    .selectFrom(requestLogs.table)
    .select(['request_id', 'timestamp'])
    .where('project_id', '=', DEFAULT_PROJECT)
    .orderBy('timestamp', 'desc')
    .limit(1);
  const newest = await requests.where('request_id', 'like', 'demo-%').executeTakeFirst();
  if (newest !== undefined) {
    return { requestId: newest.request_id, timestamp: new Date(newest.timestamp).getTime() };
  }
  const found = await Promise.all(
    datasets.map(({ table }) =>
      query
        .selectFrom(table)
        .select('id')
        .where('project_id', '=', DEFAULT_PROJECT)
        .limit(1)
        .executeTakeFirst(),
    ),
  );
  if (found.every((event) => event === undefined)) return null;
  throw new TelltaleError(
    'CONFLICT',
    'DATABASE_URL: this database has events that are not the demo’s. Give the demo an empty ' +
      'database, or none: it then creates ./data/demo.db.',
  );
}
