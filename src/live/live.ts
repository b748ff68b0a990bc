/**
 * One event as a subscriber receives it. `dropped` is the number of events before it that were
 * dropped because the subscriber was too slow.
 */
export interface Delivery<Event> {
  readonly event: Event;
  readonly dropped: number;
}

/** What an event must have to be accepted: one of these values, compared like the keys of a Map. */
export interface Condition<Event> {
  /** Identifies what is read. All conditions of a topic with the same name read the same. */
  readonly name: string;
  read(event: Event): unknown;
  readonly values: readonly unknown[];
}

export interface SubscribeOptions<Event> {
  /**
   * The minimum that `accepts` requires. An event that lacks any of it costs this subscriber
   * nothing: the topic finds its subscribers by these values. Default: nothing.
   */
  readonly conditions?: readonly Condition<Event>[];
  /** Events that do not match never enter the queue. */
  readonly accepts?: (event: Event) => boolean;
  /**
   * The most events that wait for this subscriber. Beyond that, the oldest is dropped. Default:
   * 1,000.
   */
  readonly capacity?: number;
}

/** Receives the events of a subscription as they are published, instead of its queue. */
export interface Receiver<Event> {
  /** Must not throw. */
  receive(event: Event): void;
  /** How many readers it has. */
  countReaders(): number;
  /** The readers for whom more than `most` events wait. Each is always the same object. */
  readersBehind(most: number): Iterable<object>;
  /** No more events will come. Null if the subscription ended; otherwise why it failed. */
  end(failure: { readonly reason: unknown } | null): void;
}

/** The events of a subscription: read one by one, or handed to a receiver. */
export interface Deliveries<Event> extends AsyncIterableIterator<Delivery<Event>> {
  /** The maximum number of events that may wait. */
  readonly capacity: number;
  /**
   * Hands over waiting events, and from now on each event as it is published. The receiver keeps at
   * most `capacity` of them. Nothing may have been read before, and nothing may be read afterwards.
   *
   * @returns the number of events that were dropped before.
   */
  handTo(receiver: Receiver<Event>): number;
  /**
   * The receiver must call this for events that it drops: once for each subscriber that misses one.
   */
  noteDropped(count: number): void;
}

/**
 * Topics with one bounded queue per subscriber. Publishing never waits, never throws, and costs
 * nothing without subscribers. A subscriber that does not read costs at most `capacity` events of
 * memory.
 */
export interface Live {
  publish<Event>(topic: string, events: readonly Event[]): void;
  hasSubscribers(topic: string): boolean;
  /** The capacity of subscribers that ask for no other. */
  readonly capacity: number;
  /** How many readers a topic has. */
  countReaders(topic: string): number;
  /**
   * The readers whose queue is more than half full. Those that want only the newest event never
   * are. Each is always the same object.
   */
  readersBehind(topic: string): Iterable<object>;
  subscribe<Event>(topic: string, options?: SubscribeOptions<Event>): Deliveries<Event>;
  /** Ends every subscription. */
  close(): void;
}
