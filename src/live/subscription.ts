import type { Deliveries, Receiver } from './live.ts';
import { Mailbox } from './mailbox.ts';

/** The publisher's side of a subscription. */
export interface Subscription<Event> {
  readonly deliveries: Deliveries<Event>;
  countReaders(): number;
  /** The readers whose queue is more than half full. */
  readersBehind(): Iterable<object>;
  /** Never throws. If the filter throws, only this subscription fails, at its next read. */
  push(event: Event): void;
  /** Ends the subscription. Waiting events are still delivered, then the iterator is done. */
  end(): void;
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

/** Creates a subscription with its own mailbox. Reads may overlap; they are answered in order. */
export function createSubscription<Event>(options: SubscriptionOptions<Event>): Subscription<Event> {
  let receiver: Receiver<Event> | null = null;
  const mailbox = new Mailbox<Event>(options.capacity);
  let ended = false;
  let failure: { readonly reason: unknown } | null = null;

  function end(): void {
    if (ended) return;
    ended = true;
    options.onEnd();
    mailbox.endReads();
    receiver?.end(failure);
  }

  function fail(reason: unknown): void {
    mailbox.clear();
    if (!mailbox.rejectRead(reason)) failure = { reason };
    end();
  }

  function handTo(given: Receiver<Event>): number {
    receiver = given;
    const missed = mailbox.handTo(given);
    if (ended) given.end(failure);
    return missed;
  }

  return {
    end,
    countReaders: () => receiver?.countReaders() ?? 1,
    readersBehind() {
      const most = Math.floor(options.capacity / 2);
      if (options.capacity === 1) return [];
      if (receiver !== null) return receiver.readersBehind(most);
      return mailbox.size > most ? [mailbox] : [];
    },
    push(event) {
      if (ended) return;
      try {
        // The filter may have ended the subscription.
        if (!options.accepts(event) || ended) return;
      } catch (reason) {
        fail(reason);
        return;
      }
      if (receiver !== null) receiver.receive(event);
      else if (mailbox.put(event)) options.onDropped(1);
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
        if (mailbox.size === 0 && ended) return Promise.resolve(DONE);
        return mailbox.read();
      },
      return() {
        mailbox.clear();
        end();
        return Promise.resolve(DONE);
      },
      throw(reason) {
        mailbox.clear();
        end();
        return Promise.reject(reason);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    },
  };
}
