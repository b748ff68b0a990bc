import type { Dataset } from '../core/dataset/dataset.ts';
import type { Arrivals } from '../storage/positions.ts';
import type { Store } from '../storage/store.ts';
import { type Follower, followOthers } from './follow-others.ts';
import type { PatientPublisherOptions } from './publish-patiently.ts';
import { createPublished, type Published } from './published.ts';

/** The datasets whose events have subscribers. */
export interface FollowedDatasets {
  /** Counts a subscriber. The first one starts to follow the dataset. */
  enter(dataset: Dataset): Followed;
  /** Removes a subscriber. After the last one, the dataset is no longer followed. */
  leave(dataset: Dataset, known: Followed): void;
  /** Notifies it that events of other instances are committed up to here. */
  notice(dataset: string, upTo: Arrivals): void;
  /** Checks for events whose notices were lost. */
  poll(): Promise<void>;
  /** Stops the checks. */
  stop(): void;
}

/** What is known about a dataset while somebody subscribes to its events. */
export interface Followed {
  subscribers: number;
  /** Null if no other instance uses the database. */
  readonly follower: Follower | null;
  readonly published: Published;
}

export interface FollowedDatasetsOptions {
  readonly store: Pick<Store, 'query' | 'functions' | 'instances'>;
  readonly live: PatientPublisherOptions['live'];
  /** Resolves when recording calls in progress have ended and their events are published. */
  readonly settled: () => Promise<void>;
  readonly onProblem: (error: unknown) => void;
}

/** Lost notices are made up for within this time. */
const POLL_INTERVAL_MS = 2_000;

export function createFollowedDatasets(options: FollowedDatasetsOptions): FollowedDatasets {
  const followed = new Map<Dataset, Followed>();
  let timer: NodeJS.Timeout | undefined;

  const followers = () => [...followed.values()].flatMap(({ follower }) => follower ?? []);
  const poll = async () => void (await Promise.all(followers().map((follower) => follower.poll())));
  const pollRegularly = unlessUnderWay(poll);

  return {
    enter(dataset) {
      const known = followed.get(dataset) ?? follow(dataset, options);
      followed.set(dataset, known);
      known.subscribers++;
      if (options.store.instances !== null)
        timer ??= setInterval(() => void pollRegularly(), POLL_INTERVAL_MS).unref();
      return known;
    },
    leave(dataset, known) {
      if (--known.subscribers > 0) return;
      known.follower?.stop();
      followed.delete(dataset);
      if (followed.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
    notice(name, upTo) {
      for (const [dataset, { follower }] of followed) if (dataset.name === name) follower?.notice(upTo);
    },
    poll,
    stop() {
      clearInterval(timer);
      for (const follower of followers()) follower.stop();
    },
  };
}

function follow(dataset: Dataset, { store, live, settled, onProblem }: FollowedDatasetsOptions): Followed {
  const { instances } = store;
  const follower =
    instances && followOthers({ ...{ store, live, dataset, onProblem }, appends: instances.appends });
  const published = createPublished({ store, dataset, follower, settled, onProblem });
  return { subscribers: 0, follower, published };
}

/**
 * The same work, but skipped while it is in progress: an unresponsive database is not asked again.
 */
function unlessUnderWay(work: () => Promise<void>): () => Promise<void> {
  let isUnderWay = false;
  return async () => {
    if (isUnderWay) return;
    isUnderWay = true;
    await work();
    isUnderWay = false;
  };
}
