import type { Dataset } from '../core/dataset/dataset.ts';
import type { Row } from '../core/dataset/row.ts';
import type { Live, SubscribeOptions } from '../live/live.ts';
import { readArrivals } from '../storage/arrivals.ts';
import type { Arrivals } from '../storage/positions.ts';
import { createFollowedDatasets, type FollowedDatasetsOptions } from './followed-datasets.ts';
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

export interface TailsOptions extends FollowedDatasetsOptions {
  readonly live: Pick<Live, 'publish' | 'subscribe'>;
}

export function createTails(options: TailsOptions): Tails {
  const { store, live } = options;
  const { enter, leave, look, notice, stop } = createFollowedDatasets(options);

  return {
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
          published: known.published.upTo,
          findPublished: () => void known.published.find(),
        });
        return whenLeft(resumed, left);
      } catch (error) {
        leave(dataset, known);
        throw error;
      }
    },
    look,
    notice,
    stop,
  };
}
