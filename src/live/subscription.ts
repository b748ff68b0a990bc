import { createBoundedQueue } from './bounded-queue.ts';
import type { Deliveries, Delivery, Receiver } from './live.ts';

/** The publisher's side of a subscription. */
export interface Subscription<Event> {
  readonly deliveries: Deliveries<Event>;
  /** Never throws. If the filter throws, only this subscription fails, at its next read. */
  push(event: Event): void;
  /** Ends the subscription. Waiting events are still delivered, then the iterator is done. */
  end(): void;
}

interface Waiter<Event> {
  resolve(result: IteratorResult<Delivery<Event>>): void;
  reject(reason: unknown): void;
}

export interface SubscriptionOptions<Event> {
  readonly accepts: (event: Event) => boolean;
  readonly capacity: number;
  /** Called once, when the subscription takes no more events. */
  readonly onEnd: () => void;
  /** Called when events are dropped, with their number. */
  readonly onDropped: (count: number) => void;
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Creates a subscription with its own queue. Reads may overlap; they are answered in order. */
export function createSubscription<Event>(options: SubscriptionOptions<Event>): Subscription<Event> {
  let receiver: Receiver<Event> | null = null;
  const queue = createBoundedQueue<Event>(options.capacity);
  const waiters: Waiter<Event>[] = [];
  let dropped = 0;
  let ended = false;
  let failure: { readonly reason: unknown } | null = null;

  function delivery(event: Event): IteratorYieldResult<Delivery<Event>> {
    const value = { event, dropped };
    dropped = 0;
    return { done: false, value };
  }

  function end(): void {
    if (ended) return;
    ended = true;
    options.onEnd();
    for (const waiter of waiters.splice(0)) waiter.resolve(DONE);
    receiver?.end(failure);
  }

  function fail(reason: unknown): void {
    queue.clear();
    const waiter = waiters.shift();
    if (waiter) waiter.reject(reason);
    else failure = { reason };
    end();
  }

  function take(event: Event): void {
    const waiter = waiters.shift();
    if (waiter) waiter.resolve(delivery(event));
    else if (queue.push(event)) {
      dropped += 1;
      options.onDropped(1);
    }
  }

  function handTo(given: Receiver<Event>): number {
    const missed = dropped;
    receiver = given;
    for (let event = queue.shift(); event !== undefined; event = queue.shift()) given.receive(event);
    if (ended) given.end(failure);
    return missed;
  }

  return {
    end,
    push(event) {
      if (ended) return;
      try {
        // The filter may have ended the subscription.
        if (!options.accepts(event) || ended) return;
      } catch (reason) {
        fail(reason);
        return;
      }
      if (receiver === null) take(event);
      else receiver.receive(event);
    },
    deliveries: {
      capacity: options.capacity,
      handTo,
      noteDropped: options.onDropped,
      next() {
        if (failure) {
          const { reason } = failure;
          failure = null;
          return Promise.reject(reason);
        }
        if (queue.size > 0) return Promise.resolve(delivery(queue.shift() as Event));
        if (ended) return Promise.resolve(DONE);
        return new Promise((resolve, reject) => waiters.push({ resolve, reject }));
      },
      return() {
        queue.clear();
        end();
        return Promise.resolve(DONE);
      },
      throw(reason) {
        queue.clear();
        end();
        return Promise.reject(reason);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    },
  };
}
