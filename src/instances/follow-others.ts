import type { Dataset } from '../core/dataset/dataset.ts';
import { textAt } from '../core/dataset/row.ts';
import { readArrivals, readArrived } from '../storage/arrivals.ts';
import type { OwnAppends } from '../storage/instance-link.ts';
import { type Arrivals, covers, later } from '../storage/positions.ts';
import type { Store } from '../storage/store.ts';
import { createArrivalDelay } from './arrival-delay.ts';
import type { PatientPublisherOptions } from './publish-patiently.ts';
import { createPatientPublisher } from './publish-patiently.ts';

/** Publishes the events of a dataset that other instances have stored. */
export interface Follower {
  /** Resolves when it has begun: it publishes everything that is committed after the call. */
  readonly begun: Promise<void>;
  /** Notifies it that events are committed up to here. */
  notice(upTo: Arrivals): void;
  /** Checks what is committed, in case notices were lost. */
  poll(): Promise<void>;
  /** Everything up to here is published, or is committed and this instance's own. */
  position(): Arrivals;
  stop(): void;
}

export interface FollowerOptions {
  readonly store: Pick<Store, 'query' | 'functions'>;
  readonly live: PatientPublisherOptions['live'];
  readonly dataset: Dataset;
  readonly appends: OwnAppends;
  readonly onProblem: (error: unknown) => void;
}

/** How many events of a writer to read in one statement. */
const PAGE = 500;

/**
 * Reads by position, so a repeated or lost notice does no harm. This instance publishes its own
 * events itself, so they are skipped here, by number. While an append is in progress, it is not
 * known yet whether a number is its own.
 */
export function followOthers({ store, live, dataset, appends, onProblem }: FollowerOptions): Follower {
  const { name, topic } = dataset;
  const lateness = createArrivalDelay();
  const publisher = createPatientPublisher({ live, topic, delayMs: lateness.ms });
  let position: Arrivals | null = null;
  let wanted: Arrivals = {};
  let reading: Promise<void> | null = null;
  let isStopped = false;

  async function readOn(from: Arrivals): Promise<void> {
    let after = appends.beyond(name, from);
    while (!isStopped && !covers(after, wanted)) {
      const { events, reached } = await readArrived(store, dataset, { after, upTo: wanted, limit: PAGE });
      await appends.settled(name, new Set(events.map(({ row }) => textAt(row, dataset.at.id))));
      if (isStopped) return;
      const others = events.filter(({ arrival }) => !appends.has(name, arrival));
      await publisher.publish(others.map(({ row }) => row));
      if (isStopped) return;
      after = appends.beyond(name, later(after, reached));
      position = after;
      lateness.published(after);
    }
    position = after;
    lateness.published(after);
  }

  function want(upTo: Arrivals): void {
    wanted = later(wanted, upTo);
    lateness.committed(wanted);
  }

  /**
   * A running read includes what is requested meanwhile. After a failure, the next check continues.
   */
  function advance(): Promise<void> {
    if (position === null) return Promise.resolve();
    reading ??= readOn(position).then(
      () => {
        reading = null;
        if (!isStopped && position !== null && !covers(position, wanted)) return advance();
      },
      (error: unknown) => {
        reading = null;
        onProblem(error);
      },
    );
    return reading;
  }

  const begun = readArrivals(store, dataset).then((committed) => {
    position = committed;
    void advance();
  });
  // The subscriber gets the error.
  begun.catch(() => undefined);

  return {
    begun,
    notice(upTo) {
      want(upTo);
      void advance();
    },
    async poll() {
      try {
        const committed = await readArrivals(store, dataset);
        // Notices may have arrived meanwhile.
        want(committed);
      } catch (error) {
        onProblem(error);
        return;
      }
      await advance();
    },
    position: () => appends.beyond(name, position ?? {}),
    stop() {
      isStopped = true;
      publisher.stop();
    },
  };
}
