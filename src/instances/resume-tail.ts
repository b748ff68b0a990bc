import type { Dataset } from '../core/dataset/dataset.ts';
import { type Row, textAt } from '../core/dataset/row.ts';
import { InvalidArgument } from '../core/errors.ts';
import type { Delivery } from '../live/live.ts';
import { readArrived, readCommitted } from '../storage/arrivals.ts';
import { type Arrivals, covers, later, within } from '../storage/positions.ts';
import { createSerial } from '../storage/serial.ts';
import type { Store } from '../storage/store.ts';
import { writePosition } from './position-text.ts';
import type { TailDelivery } from './tail-delivery.ts';

export interface ResumedTail {
  readonly store: Pick<Store, 'query' | 'functions'>;
  readonly dataset: Dataset;
  readonly accepts: (row: Row) => boolean;
  readonly after: Arrivals;
  /** Subscribes to the new events. */
  subscribe(accepts: (row: Row) => boolean): AsyncIterableIterator<Delivery<Row>>;
  /** Everything up to here was published. */
  published(): Arrivals;
  /** Makes `published` true to the present, soon. */
  findPublished(): void;
}

const PAGE = 500;
/** Of all projects: who comes later reads a list, which is quicker. */
const MOST_ROWS = 100_000;
const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * First the stored events after a position, then the new ones. It subscribes when it has nearly caught
 * up, and then reads once more: what is committed by then comes from storage, and is left out when it
 * is published. What cannot be read yet of an append is published later.
 */
export function resumeTail(options: ResumedTail): AsyncIterableIterator<TailDelivery> {
  const { store, dataset, accepts, published, findPublished } = options;
  const serial = createSerial();
  const positions = new WeakMap<Row, Arrivals>();
  /** The ids of what came from storage and may be published yet. */
  const read = new Set<string>();
  let position = options.after;
  let reached = position;
  let page: Row[] = [];
  let upTo: Arrivals | null = null;
  /** Beyond it, a part may be missing of what was read. */
  let whole: Arrivals = {};
  let events: AsyncIterableIterator<Delivery<Row>> | null = null;
  let isCaughtUp = false;
  let hasEnded = false;
  let rowsRead = 0;
  let dropped = 0;

  const keyOf = (row: Row) => `${textAt(row, dataset.at.id)} ${textAt(row, dataset.at.projectId)}`;

  /** It is called when the event is published. What is published later than that is not noted. */
  function acceptsNew(row: Row): boolean {
    if (!accepts(row)) return false;
    positions.set(row, published());
    findPublished();
    return true;
  }

  async function readUpTo(): Promise<Arrivals> {
    const committed = await readCommitted(store, dataset);
    whole = committed.whole;
    return events === null ? whole : committed.last;
  }

  async function readOn(): Promise<void> {
    position = reached;
    upTo ??= await readUpTo();
    if (covers(position, upTo)) {
      isCaughtUp = events !== null;
      if (isCaughtUp || hasEnded) return;
      events = options.subscribe(acceptsNew);
      upTo = null;
      return;
    }
    const found = await readArrived(store, dataset, { after: position, upTo, limit: PAGE });
    rowsRead += found.events.length;
    if (rowsRead > MOST_ROWS) throw tooFarBack(dataset);
    page = found.events
      .map(({ row }) => row)
      .filter(accepts)
      .reverse();
    for (const row of page) read.add(keyOf(row));
    for (const key of read) {
      if (read.size <= MOST_ROWS / 10) break;
      read.delete(key);
    }
    reached = found.reached;
  }

  const toDelivery = (event: Row, at: Arrivals): IteratorYieldResult<TailDelivery> => {
    const value = { event, dropped, position: writePosition(dataset.name, at) };
    dropped = 0;
    return { done: false, value };
  };

  async function nextNew(): Promise<IteratorResult<TailDelivery> | null> {
    const { done, value } = (await events?.next()) ?? DONE;
    if (done) return DONE;
    dropped += value.dropped;
    if (read.delete(keyOf(value.event))) return null;
    const at = positions.get(value.event) ?? {};
    if (covers(at, reached)) read.clear();
    return toDelivery(value.event, later(at, within(reached, whole)));
  }

  async function advance(): Promise<IteratorResult<TailDelivery>> {
    while (!hasEnded) {
      const row = page.pop();
      if (row !== undefined) return toDelivery(row, within(position, whole));
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

function tooFarBack({ name }: Dataset): InvalidArgument {
  return new InvalidArgument(
    `More than ${MOST_ROWS} events have come since this position. Read what you need from the list of ${name}, and begin again with "".`,
    'after',
  );
}
