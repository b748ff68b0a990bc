import type { Rate } from './write-rate.ts';

/** The size of a group. */
export interface Size {
  readonly events: number;
  readonly bytes: number;
}

/** More events in one transaction bring no gain, and make the first one wait for the last. */
const MAX_EVENTS_PER_TRANSACTION = 20_000;
/**
 * The rows of a transaction are in memory twice: here and in the thread or the message that writes.
 */
const MAX_BYTES_PER_TRANSACTION = 16 * 1024 * 1024;
/** How many transactions the store may have: one runs while the other is prepared. */
const MAX_AT_ONCE = 2;
/**
 * From this many events on, preparing them ahead pays off. Fewer events wait until the writer is
 * free, because then more of them are written together.
 */
const EVENTS_AHEAD = 1_000;
/**
 * A thousand events write nearly as many cells as several thousand. So a batch of that size waits
 * for calls that are being checked until it has this many events, but no longer than writing would
 * take, and no longer than the limit below.
 */
const EVENTS_TOGETHER = 4_000;
const MAX_WAIT_MS = 100;

/** The queue in front of the writer, and its division into batches. */
export interface Batches<Item extends Size> {
  /**
   * Enqueues an item. Calls that arrive in the same turn of the event loop are written together.
   */
  add(item: Item): void;
  /** Whether nothing waits and nothing is being written. */
  isIdle(): boolean;
  /** Resolves at the end of a batch after which nothing is left. */
  whenIdle(): Promise<void>;
}

export interface BatchesOptions<Item extends Size> {
  /** Never fails: tells each item of its batch what became of it. */
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
  /** Whether the batch has waited long enough. */
  let isOverdue = false;
  let starting = false;
  let idle: (() => void)[] = [];

  /** Starts a batch when the writer is free, or when there is enough to prepare meanwhile. */
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
