import type { Dataset } from '../core/dataset/dataset.ts';
import type { Row } from '../core/dataset/row.ts';
import { InvalidArgument } from '../core/errors.ts';
import type { Live, SubscribeOptions } from '../live/live.ts';
import { readArrivals } from '../storage/arrivals.ts';
import type { Arrivals } from '../storage/positions.ts';
import type { Store } from '../storage/store.ts';
import { createFollowedDatasets, type FollowedDatasetsOptions } from './followed-datasets.ts';
import { readPosition } from './position-text.ts';
import type { PatientPublisherOptions } from './publish-patiently.ts';
import { resumeTail } from './resume-tail.ts';
import type { TailDelivery } from './tail-delivery.ts';
import { deliveriesWhenLeft, whenLeft } from './when-left.ts';

/** New events from all instances. */
export interface Tails {
  /**
   * Subscribes to the events of a dataset, from any instance. Once it resolves, nothing is missed
   * that is committed later.
   *
   * @throws InvalidArgument at `after`
   */
  open(dataset: Dataset, options: TailOptions): Promise<AsyncIterableIterator<TailDelivery>>;
  /** Notifies it that events of other instances are committed up to here. */
  notice(dataset: string, upTo: Arrivals): void;
  /** Checks for events whose notices were lost. */
  poll(): Promise<void>;
  /** Stops the checks. */
  stop(): void;
}

export interface TailOptions extends Pick<SubscribeOptions<Row>, 'conditions'> {
  /** The project whose events are wanted. `accepts` must enforce it. */
  readonly projectId: string;
  readonly accepts: (row: Row) => boolean;
  /**
   * A position (`TailDelivery.position`) from any instance, or "" for now. Events after it come
   * first, and each delivery has a position. If absent or null, deliveries have none.
   */
  readonly after?: string | null | undefined;
}

export interface TailsOptions extends FollowedDatasetsOptions {
  readonly live: PatientPublisherOptions['live'] & Pick<Live, 'subscribe'>;
}

/**
 * The numbers from which a tail continues. A restored older backup reuses numbers that were
 * assigned after it was made, so events with these numbers would be taken for known. If the event
 * of the position is stored, so is everything before it.
 *
 * @throws InvalidArgument at `after`
 */
async function resumeFrom(
  { query }: Pick<Store, 'query'>,
  { name, table }: Dataset,
  { projectId, after: text }: { readonly projectId: string; readonly after: string },
): Promise<Arrivals> {
  const { after, event } = readPosition(name, text);
  const stored = await query
    .selectFrom(table)
    .select('id')
    .where('project_id', '=', projectId)
    .where('id', '=', event)
    .executeTakeFirst();
  if (stored !== undefined) return after;
  throw new InvalidArgument(
    'The event at this position is no longer stored: it has expired, or an older backup was ' +
      'restored. Later events may be gone too, or may be missed from here on. Read what you need ' +
      `from the list of ${name}, then subscribe again with "".`,
    'after',
  );
}

export function createTails(options: TailsOptions): Tails {
  const { store, live } = options;
  const { enter, leave, poll, notice, stop } = createFollowedDatasets(options);

  return {
    async open(dataset, { projectId, accepts, conditions = [], after }) {
      const from = after ? await resumeFrom(store, dataset, { projectId, after }) : null;
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
    poll,
    notice,
    stop,
  };
}
