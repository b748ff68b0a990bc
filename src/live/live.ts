/**
 * One event as a subscriber receives it. `dropped` is the number of events before it that were
 * dropped because the subscriber was too slow.
 */
export interface Delivery<Event> {
  readonly event: Event;
  readonly dropped: number;
}

export interface SubscribeOptions<Event> {
  /** Events that do not match never enter the queue. */
  readonly accepts?: (event: Event) => boolean;
  /**
   * The most events that wait for this subscriber; beyond that the oldest is dropped. Default:
   * 1,000.
   */
  readonly capacity?: number;
}

/**
 * Topics with one bounded queue per subscriber. Publishing never waits, never throws, and costs
 * nothing without subscribers. A subscriber that does not read costs at most `capacity` events of
 * memory.
 */
export interface Live {
  publish<Event>(topic: string, events: readonly Event[]): void;
  hasSubscribers(topic: string): boolean;
  subscribe<Event>(topic: string, options?: SubscribeOptions<Event>): AsyncIterableIterator<Delivery<Event>>;
  /** Ends every subscription. */
  close(): void;
}
