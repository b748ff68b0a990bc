import type { Clock } from '../../core/clock.ts';
import type { IdSource } from '../../core/ids.ts';
import type { Live } from '../../live/live.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';
import type { Store } from '../../storage/store.ts';
import { type AlertWriter, createAlertWriter } from './alert-writer.ts';
import { createPositionWatch, type PositionWatchOptions } from './watch-position.ts';

/** Where alerts are written, by whoever raises and ends them. */
export interface AlertBook {
  /**
   * Runs changes of the project's alerts in one transaction, after any others of the project on any
   * instance: a place is only given when all that got one before are committed, and it becomes
   * visible together with what it was given to. So the order of places is the order in which alerts
   * and changes become visible, and whoever has read up to a place misses nothing before it. What
   * webhooks are to be told is stored with them. Subscribers hear of it after the commit.
   *
   * @param at when the changes happen, in epoch milliseconds. Default: now.
   */
  change<Value>(
    projectId: string,
    work: (writer: AlertWriter, transaction: PrismaTransaction) => Promise<Value>,
    at?: number,
  ): Promise<Value>;
  /** The last place that was given in the project; 0: none yet. */
  position(projectId: string): Promise<number>;
  /**
   * The position whenever it has grown, on whichever instance: within a second when that was
   * another one. It is looked up once for all who watch a project. One that is not read in time
   * gives way to the next. When it cannot be read, all who watch get the error.
   *
   * Who begins to watch and then asks for the position hears of each place beyond it.
   */
  watch(projectId: string): AsyncIterableIterator<number>;
}

/** Carries the id of a project after each commit of changes to its alerts. */
export const ALERTS_CHANGED = 'alerts.changed';

export interface AlertBookOptions extends Pick<PositionWatchOptions, 'pause'> {
  readonly store: Pick<Store, 'transact' | 'prisma'>;
  readonly live: Live;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** The key of `store.transact` under which a project's alerts are changed. */
export const alertsKey = (projectId: string): string => `alerts:${projectId}`;

export function createAlertBook({ store, live, clock, ids, pause }: AlertBookOptions): AlertBook {
  async function position(projectId: string): Promise<number> {
    const counter = await store.prisma.alertCounter.findUnique({ where: { projectId } });
    return counter?.last ?? 0;
  }

  return {
    position,
    watch: createPositionWatch({ live, topic: ALERTS_CHANGED, position, ...(pause && { pause }) }),
    async change(projectId, work, at = clock.now()) {
      const value = await store.transact(alertsKey(projectId), (transaction) =>
        work(createAlertWriter({ transaction, projectId, ids, now: new Date(at) }), transaction),
      );
      live.publish(ALERTS_CHANGED, [projectId]);
      return value;
    },
  };
}
