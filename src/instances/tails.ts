import { setTimeout as sleep } from 'node:timers/promises';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { Row } from '../core/dataset/row.ts';
import type { Live, SubscribeOptions } from '../live/live.ts';
import { readArrivals } from '../storage/arrivals.ts';
import { type Arrivals, later } from '../storage/positions.ts';
import type { Store } from '../storage/store.ts';
import { type Follower, followOthers } from './follow-others.ts';
import { readPosition } from './position-text.ts';
import { resumeTail } from './resume-tail.ts';
import type { TailDelivery } from './tail-delivery.ts';
import { deliveriesWhenLeft, whenLeft } from './when-left.ts';

/** The new events of all instances. */
export interface Tails {
  /**
   * Subscribes to the events of a dataset, of whichever instance. Once it resolves, nothing is missed
   * that is committed later.
   *
   * @throws InvalidArgument at `after`
   */
  open(dataset: Dataset, options: TailOptions): Promise<AsyncIterableIterator<TailDelivery>>;
  /** Events of other instances are committed up to here. */
  notice(dataset: string, upTo: Arrivals): void;
  /** Looks for what notices did not say. */
  look(): Promise<void>;
  /** Looks no more. */
  stop(): void;
}

export interface TailOptions extends Pick<SubscribeOptions<Row>, 'conditions'> {
  readonly accepts: (row: Row) => boolean;
  /**
   * A position (`TailDelivery.position`), of whichever instance, and "" for now: events after it come
   * first, and each delivery has a position. Absent or null: deliveries have none.
   */
  readonly after?: string | null | undefined;
}

export interface TailsOptions {
  readonly store: Pick<Store, 'query' | 'functions' | 'instances'>;
  readonly live: Pick<Live, 'publish' | 'subscribe'>;
  /** Resolves when the calls of recording have ended that are under way, and their events are published. */
  readonly settled: () => Promise<void>;
  readonly onProblem: (error: unknown) => void;
}

/** Notices that were missed are made good within this time. */
const LOOK_EVERY_MS = 2_000;

/** What is known of a dataset while somebody subscribes to its events. */
interface Followed {
  subscribers: number;
  /** Null: no other instance has the database. */
  readonly follower: Follower | null;
  /** Everything up to here was published. */
  published: Arrivals;
  isFinding: boolean;
}

/** Positions are so old at most, while events come. */
const FIND_EVERY_MS = 50;

export function createTails(options: TailsOptions): Tails {
  const { store, live, settled, onProblem } = options;
  const { instances } = store;
  const followed = new Map<Dataset, Followed>();
  let looking: NodeJS.Timeout | undefined;
  let isLooking = false;

  const followers = () => [...followed.values()].flatMap(({ follower }) => follower ?? []);
  const look = async () => void (await Promise.all(followers().map((follower) => follower.look())));

  /** A database that does not answer is not asked again meanwhile. */
  async function lookRegularly(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    await look();
    isLooking = false;
  }

  function enter(dataset: Dataset): Followed {
    const known = followed.get(dataset) ?? {
      subscribers: 0,
      follower:
        instances && followOthers({ ...{ store, live, dataset, onProblem }, appends: instances.appends }),
      ...{ published: {}, isFinding: false },
    };
    followed.set(dataset, known);
    known.subscribers++;
    if (instances !== null) looking ??= setInterval(() => void lookRegularly(), LOOK_EVERY_MS).unref();
    return known;
  }

  function leave(dataset: Dataset, known: Followed): void {
    if (--known.subscribers > 0) return;
    known.follower?.stop();
    followed.delete(dataset);
    if (followed.size > 0) return;
    clearInterval(looking);
    looking = undefined;
  }

  /** Notes up to where everything is published now. */
  async function findPublished(dataset: Dataset, known: Followed): Promise<void> {
    if (known.isFinding) return;
    known.isFinding = true;
    try {
      const upTo = known.follower?.position() ?? (await readArrivals(store, dataset));
      await settled();
      known.published = later(known.published, upTo);
      await sleep(FIND_EVERY_MS, undefined, { ref: false });
    } catch (error) {
      onProblem(error);
    } finally {
      known.isFinding = false;
    }
  }

  return {
    look,
    async open(dataset, { accepts, conditions = [], after }) {
      const from = after ? readPosition(dataset.name, after) : null;
      const { topic } = dataset;
      const known = enter(dataset);
      try {
        await known.follower?.begun;
        const left = () => leave(dataset, known);
        if (after === undefined || after === null)
          return deliveriesWhenLeft(live.subscribe<Row>(topic, { accepts, conditions }), left);
        const resumed = resumeTail({
          ...{ store, dataset, accepts },
          after: from ?? (await readArrivals(store, dataset)),
          subscribe: (wanted) => live.subscribe<Row>(topic, { accepts: wanted, conditions }),
          published: () => known.published,
          findPublished: () => void findPublished(dataset, known),
        });
        return whenLeft(resumed, left);
      } catch (error) {
        leave(dataset, known);
        throw error;
      }
    },
    stop() {
      clearInterval(looking);
      for (const follower of followers()) follower.stop();
    },
    notice(name, upTo) {
      for (const [dataset, { follower }] of followed) if (dataset.name === name) follower?.notice(upTo);
    },
  };
}
