import { MINUTE_MS } from '../core/time/units.ts';
import type { Store } from '../storage/store.ts';
import type { StoredFacts } from './own-facts.ts';

/** A notification this late counts as overdue: deliveries are claimed every second. */
const LATE_MS = MINUTE_MS;

/** The size of the database, and the waiting notifications of all projects. */
export async function readStored(
  { query, functions }: Pick<Store, 'query' | 'functions'>,
  now: number,
): Promise<Omit<StoredFacts, 'columnsLate'>> {
  const { bytes } = await query.selectNoFrom(functions.databaseBytes.as('bytes')).executeTakeFirstOrThrow();
  const waiting = query.selectFrom('alert_deliveries').where('status', '=', 'SCHEDULED');
  const count = async (deliveries: typeof waiting) => {
    const { found } = await deliveries
      .select(({ fn }) => fn.countAll<number>().as('found'))
      .executeTakeFirstOrThrow();
    return Number(found);
  };
  return {
    databaseBytes: Number(bytes),
    deliveriesWaiting: await count(waiting),
    deliveriesOverdue: await count(waiting.where('scheduled_at', '<', functions.instant(now - LATE_MS))),
  };
}
