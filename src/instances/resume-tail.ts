import { type Row, textAt } from '../core/dataset/row.ts';
import type { Delivery } from '../live/live.ts';
import { type Arrivals, later } from '../storage/positions.ts';
import { createSerial } from '../storage/serial.ts';
import { writePosition } from './position-text.ts';
import { StoredTail, type StoredTailOptions } from './stored-tail.ts';
import type { TailDelivery } from './tail-delivery.ts';

export interface ResumedTail extends StoredTailOptions {
  /** Subscribes to the new events. */
  subscribe(accepts: (row: Row) => boolean): AsyncIterableIterator<Delivery<Row>>;
  /** Everything up to here was published. */
  published(): Arrivals;
  /** Brings `published` up to date, soon. */
  findPublished(): void;
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * First the stored events after a position, then the new ones. A reader that is too slow for the
 * new events continues with the stored ones after its last event, so it misses none. The tail
 * subscribes when it has nearly caught up, and then reads once more: whatever is committed by then
 * comes from storage, and is left out when it is published. Events of an append that cannot be read
 * yet are published later.
 */
export function resumeTail(options: ResumedTail): AsyncIterableIterator<TailDelivery> {
  const { dataset, accepts, published, findPublished } = options;
  const serial = createSerial();
  let stored = new StoredTail(options);
  /**
   * All events that were not delivered come after it; some of those may have been delivered, too.
   */
  let reached: Arrivals = {};
  const positions = new WeakMap<Row, Arrivals>();
  let events: AsyncIterableIterator<Delivery<Row>> | null = null;
  let isCaughtUp = false;
  let hasEnded = false;

  /** Called when the event is published: the position that it notes includes nothing later. */
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
   * Begins again after the last delivered event and after what was read, all of which was
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
