import type { Live } from './live.ts';
import { createSubscription, type Subscription } from './subscription.ts';

export interface LiveOptions {
  /**
   * The most events that wait for one subscriber, unless it asks for another capacity. Default:
   * 1,000.
   */
  readonly capacity?: number;
  /**
   * Called for each event that a subscriber misses because it was too slow. Default: nobody is told.
   * Subscribers that want the newest event alone (`capacity: 1`) miss nothing.
   */
  readonly onDropped?: (topic: string) => void;
}

const DEFAULT_CAPACITY = 1000;

/** Live topics within this process. */
export function createLive({
  capacity: defaultCapacity = DEFAULT_CAPACITY,
  onDropped = () => {},
}: LiveOptions = {}): Live {
  // By convention, publisher and subscriber of a topic use one type of events. The map cannot
  // express that.
  const topics = new Map<string, Set<Subscription<unknown>>>();
  let closed = false;

  function forget(topic: string, subscription: Subscription<unknown>): void {
    const subscriptions = topics.get(topic);
    subscriptions?.delete(subscription);
    if (subscriptions?.size === 0) topics.delete(topic);
  }

  return {
    publish(topic, events) {
      const subscriptions = topics.get(topic);
      if (subscriptions === undefined) return;
      for (const subscription of subscriptions) {
        for (const event of events) subscription.push(event);
      }
    },
    hasSubscribers(topic) {
      return topics.has(topic);
    },
    subscribe<Event>(
      topic: string,
      {
        accepts = () => true,
        capacity = defaultCapacity,
      }: { accepts?: (event: Event) => boolean; capacity?: number } = {},
    ) {
      const subscription = createSubscription<Event>({
        accepts,
        capacity,
        onEnd: () => forget(topic, subscription),
        onDropped: () => capacity > 1 && onDropped(topic),
      });
      if (closed) {
        subscription.end();
      } else {
        const others = topics.get(topic) ?? new Set();
        topics.set(topic, others.add(subscription));
      }
      return subscription.deliveries;
    },
    close() {
      closed = true;
      for (const subscriptions of [...topics.values()]) {
        for (const subscription of [...subscriptions]) subscription.end();
      }
    },
  };
}
