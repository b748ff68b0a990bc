import { type Row, textAt } from '../core/dataset/row.ts';
import type { Delivery } from '../live/live.ts';
import { type Arrivals, later } from '../storage/positions.ts';
import { createSerial } from '../storage/serial.ts';
import { writePosition } from './position-text.ts';
import { StoredTail, type StoredTailOptions } from './stored-tail.ts';
import type { TailDelivery } from './tail-delivery.ts';

export interface ResumedTail extends StoredTailOptions {
  /** Subscribes to new events. */
  subscribe(accepts: (row: Row) => boolean): AsyncIterableIterator<Delivery<Row>>;
  /** Everything up to here was published. */
  published(): Arrivals;
  /** Soon makes `published` return the current position. */
  findPublished(): void;
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * Delivers first the stored events after a position, then new ones. A subscriber that is too slow
 * for new events continues with stored ones after its last event, so it misses none. The tail
 * subscribes when it has nearly caught up, and then reads once more: what is committed by then
 * comes from storage, and is skipped when it is published. Events of an append that cannot be read
 * yet are published later.
 */
export function resumeTail(options: ResumedTail): AsyncIterableIterator<TailDelivery> {
  const { dataset, accepts, published, findPublished } = options;
  const serial = createSerial();
  let stored = new StoredTail(options);
  /** What comes after it was not delivered, apart from some events that may have been. */
  let reached: Arrivals = {};
  const positions = new WeakMap<Row, Arrivals>();
  let events: AsyncIterableIterator<Delivery<Row>> | null = null;
  let isCaughtUp = false;
  let hasEnded = false;

  /** Called when the event is published, so the recorded position covers no later events. */
  function acceptsNew(row: Row): boolean {
    if (!accepts(row)) return false;
    positions.set(row, published());
    findPublished();
    return true;
  }

  async function readOn(): Promise<void> {
    if (await stored.readPage(events === null ? 'whole' : 'last')) return;
    isCaughtUp = events !== null;
    if (isCaughtUp || hasEnded) return;
    events = options.subscribe(acceptsNew);
  }

  const toDelivery = (event: Row, at: Arrivals): IteratorYieldResult<TailDelivery> => {
    const position = writePosition(dataset.name, { after: at, event: textAt(event, dataset.at.id) });
    reached = at;
    return { done: false, value: { event, dropped: 0, position } };
  };

  /**
   * Starts again after the last delivered event, and after what was read: all of that was
   * delivered.
   */
  async function goBack(): Promise<void> {
    await events?.return?.();
    events = null;
    isCaughtUp = false;
    stored = new StoredTail({ ...options, after: later(reached, stored.position) });
  }

  async function nextNew(): Promise<IteratorResult<TailDelivery> | null> {
    const { done, value } = (await events?.next()) ?? DONE;
    if (done) return DONE;
    if (value.dropped > 0) {
      await goBack();
      return null;
    }
    const at = positions.get(value.event) ?? {};
    if (stored.leavesOut(value.event, at)) return null;
    return toDelivery(value.event, later(at, stored.position));
  }

  async function advance(): Promise<IteratorResult<TailDelivery>> {
    while (!hasEnded) {
      const row = stored.take();
      if (row !== undefined) return toDelivery(row, stored.position);
      if (isCaughtUp) {
        const result = await nextNew();
        if (result !== null) return result;
      } else await readOn();
    }
    return DONE;
  }

  return {
    next: () => serial(advance),
    async return() {
      hasEnded = true;
      await events?.return?.();
      return DONE;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
