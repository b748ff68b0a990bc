import type { Clock } from '../../core/clock.ts';
import type { IdSource } from '../../core/ids.ts';
import type { Announce } from '../../live/elsewhere.ts';
import type { Live } from '../../live/live.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';
import type { Store } from '../../storage/store.ts';
import { type AlertWriter, createAlertWriter } from './alert-writer.ts';
import { createPositionWatch, type PositionWatchOptions } from './watch-position.ts';

/** Writes alerts, for everything that raises and ends them. */
export interface AlertBook {
  /**
   * Runs changes of the project's alerts in one transaction, after all other changes of the project
   * on any instance. A position is assigned only when all earlier positions are committed, and it
   * becomes visible together with its alert or change. So alerts and changes become visible in the
   * order of positions, and a reader that has read up to a position has missed nothing before it.
   * The transaction also stores the deliveries to webhooks. Subscribers are notified after the
   * commit.
   *
   * @param at when the changes happen, in epoch milliseconds. Default: now.
   */
  change<Value>(
    projectId: string,
    work: (writer: AlertWriter, transaction: PrismaTransaction) => Promise<Value>,
    at?: number,
  ): Promise<Value>;
  /** The last position assigned in the project; 0 if there is none yet. */
  position(projectId: string): Promise<number>;
  /**
   * Yields the position whenever it has grown, on any instance. Growth on another instance is
   * noticed by its notice, or within a second. One read serves all watchers of a project. A
   * position that is not consumed in time is replaced by the next. If it cannot be read, all
   * watchers get the error.
   *
   * A caller that watches first and then reads the position receives every position beyond it.
   */
  watch(projectId: string): AsyncIterableIterator<number>;
}

/** Carries the id of a project after each commit of changes to its alerts. */
export const ALERTS_CHANGED = 'alerts.changed';

export interface AlertBookOptions extends Pick<PositionWatchOptions, 'pause'> {
  readonly store: Pick<Store, 'transact' | 'prisma'>;
  readonly live: Live;
  /** Default: publishes only on this instance. */
  readonly announce?: Announce;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** The key of `store.transact` for changes of a project's alerts. */
export const alertsKey = (projectId: string): string => `alerts:${projectId}`;

export function createAlertBook(options: AlertBookOptions): AlertBook {
  const { store, live, clock, ids, pause } = options;
  const { announce = (topic, projectId) => live.publish(topic, [projectId]) } = options;

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
      announce(ALERTS_CHANGED, projectId);
      return value;
    },
  };
}
