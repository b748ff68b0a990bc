import { setTimeout as sleep } from 'node:timers/promises';
import type { Dataset } from '../core/dataset/dataset.ts';
import { readArrivals } from '../storage/arrivals.ts';
import { type Arrivals, later } from '../storage/positions.ts';
import type { Store } from '../storage/store.ts';
import type { Follower } from './follow-others.ts';

/** How far the events of a dataset, from all instances, are published. */
export interface Published {
  /** Everything up to here was published. */
  upTo(): Arrivals;
  /** Determines up to where everything is published now. */
  find(): Promise<void>;
}

export interface PublishedOptions {
  readonly store: Pick<Store, 'query' | 'functions'>;
  readonly dataset: Dataset;
  /** Null if no other instance uses the database. */
  readonly follower: Follower | null;
  /** See `FollowedDatasetsOptions`. */
  readonly settled: () => Promise<void>;
  readonly onProblem: (error: unknown) => void;
}

/** The maximum age of positions while events arrive. */
const FIND_EVERY_MS = 50;

export function createPublished(options: PublishedOptions): Published {
  const { store, dataset, follower, settled, onProblem } = options;
  let published: Arrivals = {};
  let isFinding = false;

  return {
    upTo: () => published,
    async find() {
      if (isFinding) return;
      isFinding = true;
      try {
        const upTo = follower?.position() ?? (await readArrivals(store, dataset));
        await settled();
        published = later(published, upTo);
        await sleep(FIND_EVERY_MS, undefined, { ref: false });
      } catch (error) {
        onProblem(error);
      } finally {
        isFinding = false;
      }
    },
  };
}
