import { type BoundedQueue, createBoundedQueue } from './bounded-queue.ts';
import type { Delivery, Receiver } from './live.ts';

interface Waiter<Event> {
  resolve(result: IteratorResult<Delivery<Event>>): void;
  reject(reason: unknown): void;
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * The events that wait for a read, or the reads that wait for an event. A class, because there is
 * one for each subscription: closures would take more memory than its state.
 */
export class Mailbox<Event> {
  readonly #queue: BoundedQueue<Event>;
  readonly #waiters: Waiter<Event>[] = [];
  #dropped = 0;

  constructor(capacity: number) {
    this.#queue = createBoundedQueue<Event>(capacity);
  }

  /** How many events wait. */
  get size(): number {
    return this.#queue.size;
  }

  /**
   * Answers the first read with an event, or keeps it. Returns true if the oldest event was
   * dropped.
   */
  put(event: Event): boolean {
    const waiter = this.#waiters.shift();
    if (waiter) waiter.resolve(this.#delivery(event));
    else if (this.#queue.push(event)) {
      this.#dropped += 1;
      return true;
    }
    return false;
  }

  /** The next event, as soon as there is one. */
  read(): Promise<IteratorResult<Delivery<Event>>> {
    if (this.#queue.size > 0) return Promise.resolve(this.#delivery(this.#queue.shift() as Event));
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  /** Fails the first waiting read. Returns false if none waits. */
  rejectRead(reason: unknown): boolean {
    const waiter = this.#waiters.shift();
    waiter?.reject(reason);
    return waiter !== undefined;
  }

  /** Ends the waiting reads: no more events will come. */
  endReads(): void {
    for (const waiter of this.#waiters.splice(0)) waiter.resolve(DONE);
  }

  /** Hands over the waiting events. Returns the number of dropped ones. */
  handTo(receiver: Receiver<Event>): number {
    const missed = this.#dropped;
    const queue = this.#queue;
    for (let event = queue.shift(); event !== undefined; event = queue.shift()) receiver.receive(event);
    return missed;
  }

  /** Drops the waiting events, without counting them. */
  clear(): void {
    this.#queue.clear();
  }

  #delivery(event: Event): IteratorYieldResult<Delivery<Event>> {
    const value = { event, dropped: this.#dropped };
    this.#dropped = 0;
    return { done: false, value };
  }
}
