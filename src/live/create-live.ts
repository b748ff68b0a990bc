import type { Deliveries, Live, SubscribeOptions } from './live.ts';
import { createSubscription, type Subscription } from './subscription.ts';
import { createTopic, type Topic } from './topic.ts';

export interface LiveOptions {
  /**
   * The maximum number of events that wait for one subscriber, unless it asks for another capacity.
   * Default: 1,000.
   */
  readonly capacity?: number;
  /**
   * Called for each event that a subscriber misses because it was too slow. Default: none.
   * Subscribers that want only the newest event (`capacity: 1`) miss nothing.
   */
  readonly onDropped?: (topic: string) => void;
}

type Publishable = Pick<Subscription<unknown>, 'push' | 'end' | 'countReaders' | 'readersBehind'>;

const DEFAULT_CAPACITY = 1000;

/** Live topics within this process. */
export function createLive({
  capacity: defaultCapacity = DEFAULT_CAPACITY,
  onDropped = () => {},
}: LiveOptions = {}): Live {
  // By convention, publisher and subscriber of a topic use the same event type. The map cannot
  // express that.
  const topics = new Map<string, Topic<unknown, Publishable>>();
  let closed = false;

  function subscribe<Event>(
    name: string,
    { accepts = () => true, capacity = defaultCapacity, conditions = [] }: SubscribeOptions<Event> = {},
  ): Deliveries<Event> {
    const subscription = createSubscription<Event>({
      accepts,
      capacity,
      onEnd() {
        topic.remove(subscription, conditions);
        if (topic.subscribers.size === 0 && topics.get(name) === topic) topics.delete(name);
      },
      onDropped(count) {
        if (capacity > 1) for (let dropped = 0; dropped < count; dropped++) onDropped(name);
      },
    });
    const topic = topics.get(name) ?? createTopic<unknown, Publishable>();
    if (closed) {
      subscription.end();
    } else {
      topics.set(name, topic);
      topic.add(subscription, conditions);
    }
    return subscription.deliveries;
  }

  return {
    capacity: defaultCapacity,
    subscribe,
    countReaders(name) {
      let count = 0;
      for (const subscription of topics.get(name)?.subscribers ?? []) count += subscription.countReaders();
      return count;
    },
    *readersBehind(name) {
      for (const subscription of topics.get(name)?.subscribers ?? []) yield* subscription.readersBehind();
    },
    publish(name, events) {
      const topic = topics.get(name);
      if (topic === undefined) return;
      for (const event of events) topic.match(event, (subscription) => subscription.push(event));
    },
    hasSubscribers(name) {
      return topics.has(name);
    },
    close() {
      closed = true;
      for (const { subscribers } of [...topics.values()])
        for (const subscription of [...subscribers]) subscription.end();
    },
  };
}
