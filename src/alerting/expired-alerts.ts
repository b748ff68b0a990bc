import type { PrismaTransaction } from '../storage/prisma.ts';
import type { Store } from '../storage/store.ts';
import { alertsKey } from './alert-book.ts';
import { byPortions } from './by-portions.ts';

/** Alerts per transaction: whoever raises one waits for some tens of milliseconds at most. */
const DEFAULT_PORTION = 500;

export interface ExpiredAlertsOptions {
  readonly store: Pick<Store, 'transact' | 'prisma'>;
  readonly portion?: number;
}

export interface ExpiredAlerts {
  readonly name: 'alerts';
  /**
   * Removes the alerts of all projects that were raised and resolved before the instant (epoch milliseconds).
   * Those that are CRITICAL stay, and those that are not resolved. Answers how many went, or in a dry run would go.
   */
  remove(
    before: number,
    options: { readonly dryRun?: boolean; readonly signal?: AbortSignal },
  ): Promise<number>;
}

export function createExpiredAlerts({
  store,
  portion = DEFAULT_PORTION,
}: ExpiredAlertsOptions): ExpiredAlerts {
  return {
    name: 'alerts',
    async remove(before, { dryRun = false, signal }) {
      let total = 0;
      // Whoever has alerts has a counter.
      const projects = await store.prisma.alertCounter.findMany({ select: { projectId: true } });
      for (const { projectId } of projects) {
        const expired = expiredIn(projectId, new Date(before));
        if (dryRun) total += await store.prisma.alert.count({ where: expired });
        else
          total += await byPortions(portion, signal, () =>
            store.transact(alertsKey(projectId), (transaction) =>
              removePortion(transaction, expired, portion),
            ),
          );
      }
      return total;
    },
  };
}

type Expired = ReturnType<typeof expiredIn>;

/** An alert stays as long after it was resolved as after it was raised: nobody loses one that was open until yesterday. */
const expiredIn = (projectId: string, before: Date) => ({
  projectId,
  status: 'RESOLVED',
  severity: { not: 'CRITICAL' },
  raisedAt: { lt: before },
  resolvedAt: { lt: before },
});

/** The oldest of them. What was sent of them to webhooks goes by its own age: see `createExpiredDeliveries`. */
async function removePortion(
  transaction: PrismaTransaction,
  expired: Expired,
  portion: number,
): Promise<number> {
  const { projectId } = expired;
  const oldest = await transaction.alert.findMany({
    where: expired,
    select: { id: true },
    orderBy: { raisedAt: 'asc' },
    take: portion,
  });
  if (oldest.length === 0) return 0;
  const ids = oldest.map(({ id }) => id);
  const { count } = await transaction.alert.deleteMany({ where: { projectId, id: { in: ids } } });
  return count;
}
