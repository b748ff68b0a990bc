import type { StateTable } from '../../core/dataset/state.ts';
import { inRotation } from '../../core/in-rotation.ts';
import { alertDeliveries } from '../../declarations/alerts/alert-deliveries.ts';
import { alerts } from '../../declarations/alerts/alerts.ts';
import type { ExpiringStates } from '../../retention/expiring-states.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';
import type { Store } from '../../storage/store.ts';
import { alertsKey } from './alert-book.ts';

/**
 * States per transaction. A writer that raises an alert waits for some tens of milliseconds at
 * most.
 */
const DEFAULT_BATCH_SIZE = 500;

export interface ExpiringOptions {
  readonly store: Pick<Store, 'transact' | 'prisma'>;
  readonly batchSize?: number;
}

/**
 * Removes alerts that were raised and resolved before an instant. The time of the resolution counts
 * too, so an alert that was open until yesterday stays. CRITICAL and unresolved alerts stay.
 */
export function createExpiringAlerts(options: ExpiringOptions): ExpiringStates {
  return createExpiring(options, {
    declared: alerts,
    table: (prisma) => prisma.alert,
    key: alertsKey,
    time: 'raisedAt',
    expired: (before) => ({
      status: 'RESOLVED',
      severity: { not: 'CRITICAL' },
      raisedAt: { lt: before },
      resolvedAt: { lt: before },
    }),
  });
}

/**
 * Removes deliveries that were stored before an instant and are no longer scheduled. This does not
 * depend on their alert: the alert may stay forever, and a test has none.
 */
export function createExpiringDeliveries(options: ExpiringOptions): ExpiringStates {
  return createExpiring(options, {
    declared: alertDeliveries,
    table: (prisma) => prisma.alertDelivery,
    key: () => 'expired-deliveries',
    time: 'createdAt',
    expired: (before) => ({ status: { not: 'SCHEDULED' }, createdAt: { lt: before } }),
  });
}

/** What the Prisma models have in common. The models used here have the requested columns. */
interface Table {
  count(query: { where: object }): Promise<number>;
  findFirst(query: object): Promise<{ readonly projectId: string } | null>;
  findMany(query: object): Promise<readonly { readonly id: string }[]>;
  deleteMany(query: { where: object }): Promise<{ readonly count: number }>;
}

interface Expiring {
  readonly declared: Pick<StateTable, 'name' | 'table'>;
  readonly table: (prisma: Pick<PrismaTransaction, 'alert' | 'alertDelivery'>) => Table;
  /** The key of `store.transact` for a project. */
  readonly key: (projectId: string) => string;
  /** The column that orders the removal, oldest first. */
  readonly time: string;
  readonly expired: (before: Date) => object;
}

function createExpiring(
  { store, batchSize = DEFAULT_BATCH_SIZE }: ExpiringOptions,
  { declared, table, key, time, expired }: Expiring,
): ExpiringStates {
  const all = table(store.prisma);

  /**
   * The next project with such states; null if there is none. One index lookup, however many states
   * there are.
   */
  async function projectAfter(projectId: string): Promise<string | null> {
    const next = { where: { projectId: { gt: projectId } }, orderBy: { projectId: 'asc' } };
    return (await all.findFirst({ ...next, select: { projectId: true } }))?.projectId ?? null;
  }

  /** Returns how many were removed: fewer than a batch if none are left. */
  function removeBatch(projectId: string, before: Date): Promise<number> {
    return store.transact(key(projectId), async (transaction) => {
      const within = table(transaction);
      const where = { projectId, ...expired(before) };
      const oldest = { where, orderBy: { [time]: 'asc' }, take: batchSize };
      const ids = (await within.findMany({ ...oldest, select: { id: true } })).map(({ id }) => id);
      if (ids.length === 0) return 0;
      return (await within.deleteMany({ where: { projectId, id: { in: ids } } })).count;
    });
  }

  return {
    name: declared.name,
    table: declared.table,
    async remove(until, { dryRun = false, signal }) {
      const before = new Date(until);
      const projects: string[] = [];
      for (let project = await projectAfter(''); project !== null; project = await projectAfter(project)) {
        projects.push(project);
      }
      let total = 0;
      await inRotation(projects.map(removeOf));
      return total;

      async function* removeOf(projectId: string) {
        if (dryRun) {
          total += await all.count({ where: { projectId, ...expired(before) } });
          return;
        }
        let removed = batchSize;
        while (removed === batchSize && signal?.aborted !== true) {
          removed = await removeBatch(projectId, before);
          total += removed;
          yield;
        }
      }
    },
  };
}
