import type { PrismaTransaction } from '../storage/prisma.ts';
import type { Store } from '../storage/store.ts';
import { byPortions } from './by-portions.ts';

/** Deliveries per transaction. */
const DEFAULT_PORTION = 500;

export interface ExpiredDeliveriesOptions {
  readonly store: Pick<Store, 'transact' | 'prisma'>;
  readonly portion?: number;
}

export interface ExpiredDeliveries {
  readonly name: 'alertDeliveries';
  /**
   * Removes the deliveries of all projects that were stored before the instant (epoch milliseconds) and are not still to be made, whatever
   * has become of their alert: it may stay for ever, and that of a test never was. Answers how many went, or in a dry run would go.
   */
  remove(
    before: number,
    options: { readonly dryRun?: boolean; readonly signal?: AbortSignal },
  ): Promise<number>;
}

export function createExpiredDeliveries({
  store,
  portion = DEFAULT_PORTION,
}: ExpiredDeliveriesOptions): ExpiredDeliveries {
  /** The project with deliveries that comes next; null: there is none. One step in an index, however many deliveries there are. */
  async function projectAfter(projectId: string): Promise<string | null> {
    const next = await store.prisma.alertDelivery.findFirst({
      where: { projectId: { gt: projectId } },
      orderBy: { projectId: 'asc' },
      select: { projectId: true },
    });
    return next?.projectId ?? null;
  }

  return {
    name: 'alertDeliveries',
    async remove(before, { dryRun = false, signal }) {
      let total = 0;
      for (let project = await projectAfter(''); project !== null; project = await projectAfter(project)) {
        const expired = expiredIn(project, new Date(before));
        if (dryRun) total += await store.prisma.alertDelivery.count({ where: expired });
        else
          total += await byPortions(portion, signal, () =>
            store.transact('expired-deliveries', (transaction) =>
              removePortion(transaction, expired, portion),
            ),
          );
      }
      return total;
    },
  };
}

type Expired = ReturnType<typeof expiredIn>;

const expiredIn = (projectId: string, before: Date) => ({
  projectId,
  createdAt: { lt: before },
  status: { not: 'SCHEDULED' },
});

/** The oldest of them. */
async function removePortion(
  transaction: PrismaTransaction,
  expired: Expired,
  portion: number,
): Promise<number> {
  const oldest = await transaction.alertDelivery.findMany({
    where: expired,
    select: { id: true },
    orderBy: { createdAt: 'asc' },
    take: portion,
  });
  if (oldest.length === 0) return 0;
  const ids = oldest.map(({ id }) => id);
  const { projectId } = expired;
  const { count } = await transaction.alertDelivery.deleteMany({ where: { projectId, id: { in: ids } } });
  return count;
}
