import type { Rate } from './write-rate.ts';

/** What counts of a group. */
export interface Size {
  readonly events: number;
  readonly bytes: number;
}

/** More events in one transaction gain nothing, and make the first one wait for the last. */
const MAX_EVENTS_PER_TRANSACTION = 20_000;
/** The rows of a transaction are in memory twice: here and in the thread or the message that writes. */
const MAX_BYTES_PER_TRANSACTION = 16 * 1024 * 1024;
/** Transactions that are given to the store: one runs, the other is made ready meanwhile. */
const MAX_AT_ONCE = 2;
/**
 * From so many events on it pays to make them ready. Fewer wait until the writer is free, because then
 * more of them go together.
 */
const EVENTS_AHEAD = 1_000;
/**
 * A thousand events write nearly as many cells as some thousands. So a batch of that size waits for
 * the calls that are being checked, until it has so many events: no longer than it would take to
 * write, and than so long.
 */
const EVENTS_TOGETHER = 4_000;
const MAX_WAIT_MS = 100;

/** What waits for the writer, in its order, and the batches in which it goes there. */
export interface Batches<Item extends Size> {
  /** Lets it wait. Calls that came in one turn of the event loop go together. */
  add(item: Item): void;
  /** Whether nothing waits and nothing is being written. */
  isIdle(): boolean;
  /** Resolves at the end of a batch behind which nothing is left. */
  whenIdle(): Promise<void>;
}

export interface BatchesOptions<Item extends Size> {
  /** Never fails: it tells each item of its batch what became of it. */
  readonly store: (batch: readonly Item[]) => Promise<void>;
  readonly rate: Rate;
  /** How many calls are about to add items. */
  readonly coming: () => number;
}

export function createBatches<Item extends Size>({
  store,
  rate,
  coming,
}: BatchesOptions<Item>): Batches<Item> {
  let waiting: Item[] = [];
  let running = 0;
  /** Runs while a large batch waits for calls that are being checked. */
  let pause: NodeJS.Timeout | null = null;
  /** Whether it has waited long enough. */
  let isOverdue = false;
  let starting = false;
  let idle: (() => void)[] = [];

  /** Begins a batch when the writer is free, or when it has so much to make ready meanwhile. */
  function start(): void {
    while (waiting.length > 0 && mayBegin(sum(waiting, 'events'))) {
      const batch = waiting.slice(0, batchLength(waiting));
      waiting = waiting.slice(batch.length);
      running++;
      endPause();
      void write(batch);
    }
    if (running > 0 || waiting.length > 0) return;
    for (const resolve of idle) resolve();
    idle = [];
  }

  function mayBegin(events: number): boolean {
    if (events < EVENTS_AHEAD) return running === 0;
    if (running === MAX_AT_ONCE) return false;
    if (events >= EVENTS_TOGETHER || isOverdue || coming() === 0) return true;
    pause ??= setTimeout(
      () => {
        isOverdue = true;
        start();
      },
      Math.min(MAX_WAIT_MS, events / rate.eventsPerMs()),
    );
    return false;
  }

  function endPause(): void {
    if (pause !== null) clearTimeout(pause);
    pause = null;
    isOverdue = false;
  }

  async function write(batch: readonly Item[]): Promise<void> {
    const started = rate.begin();
    await store(batch);
    rate.end(started, sum(batch, 'events'));
    running--;
    start();
  }

  function startSoon(): void {
    if (starting) return;
    starting = true;
    setImmediate(() => {
      starting = false;
      start();
    });
  }

  return {
    add(item) {
      waiting.push(item);
      startSoon();
    },
    isIdle: () => running === 0 && waiting.length === 0,
    whenIdle: () => new Promise((resolve) => idle.push(resolve)),
  };
}

/** How many of the first groups one transaction takes: at least one. */
function batchLength(waiting: readonly Size[]): number {
  let events = 0;
  let bytes = 0;
  const over = waiting.findIndex((group) => {
    events += group.events;
    bytes += group.bytes;
    return events > MAX_EVENTS_PER_TRANSACTION || bytes > MAX_BYTES_PER_TRANSACTION;
  });
  return over === -1 ? waiting.length : Math.max(over, 1);
}

export function sum(batch: readonly Size[], what: 'events' | 'bytes'): number {
  return batch.reduce((total, group) => total + group[what], 0);
}
