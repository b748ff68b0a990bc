import type { Clock } from '../core/clock.ts';
import type { IdSource } from '../core/ids.ts';
import type { Live } from '../live/live.ts';
import type { PrismaTransaction } from '../storage/prisma.ts';
import type { Store } from '../storage/store.ts';
import { type AlertWriter, createAlertWriter } from './alert-writer.ts';

/** Where alerts are written, by whoever raises and ends them. */
export interface AlertBook {
  /**
   * Runs changes of the project's alerts in one transaction, after any others of the project on any instance, so that the order of
   * `sequence` is the order in which they become visible: whoever has read up to a place misses nothing before it. What webhooks
   * are to be told is stored with them. Subscribers hear of it after the commit.
   */
  change<Value>(
    projectId: string,
    work: (writer: AlertWriter, transaction: PrismaTransaction) => Promise<Value>,
  ): Promise<Value>;
  /** The last place that was given in the project; 0: none yet. */
  position(projectId: string): Promise<number>;
}

/** Carries the id of a project after each commit of changes to its alerts. */
export const ALERTS_CHANGED = 'alerts.changed';

export interface AlertBookOptions {
  readonly store: Pick<Store, 'transact' | 'prisma'>;
  readonly live: Pick<Live, 'publish'>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

export function createAlertBook({ store, live, clock, ids }: AlertBookOptions): AlertBook {
  return {
    async change(projectId, work) {
      const value = await store.transact(`alerts:${projectId}`, (transaction) =>
        work(createAlertWriter({ transaction, projectId, ids, now: new Date(clock.now()) }), transaction),
      );
      live.publish(ALERTS_CHANGED, [projectId]);
      return value;
    },
    async position(projectId) {
      const counter = await store.prisma.alertCounter.findUnique({ where: { projectId } });
      return counter?.last ?? 0;
    },
  };
}
