import { defined } from '../core/defined.ts';
import { Overloaded, TelltaleError } from '../core/errors.ts';
import { StorageUnavailable } from '../storage/errors.ts';
import type { AppendResult, EventGroup, Store } from '../storage/store.ts';
import { bytesOf } from './event-bytes.ts';

export interface WriteQueueOptions {
  readonly append: Store['append'];
  /** Of what waits and is being written. Further events are rejected. */
  readonly limit: QueueLimit;
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
}

export interface QueueLimit {
  readonly events: number;
  /** By the estimate of `bytesOf`. A single group may be larger. */
  readonly bytes: number;
}

/** The queue in front of the writer. */
export interface WriteQueue {
  /**
   * Stores a group, together with all groups that are waiting when the writer is free, and resolves
   * after the commit.
   *
   * @throws Overloaded if too much waits: nothing was stored.
   */
  add(group: EventGroup): Promise<AppendResult>;
  load(): QueueLoad;
  /** Rejects new groups, and resolves when all waiting ones are stored. */
  close(): Promise<void>;
}

/** How full the queue is, and what it could not store. */
export interface QueueLoad {
  /** What is held of the bound that is reached first: 0 to 1. */
  readonly share: number;
  /** What is held, and what may be. */
  readonly held: QueueLimit;
  readonly limit: QueueLimit;
  /** Calls since the start that stored nothing: the queue was full, or the database failed. */
  readonly failedCalls: number;
}

interface Size {
  readonly events: number;
  readonly bytes: number;
}

interface Waiting extends Size {
  readonly group: EventGroup;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/** More events in one transaction gain nothing, and make the first one wait for the last. */
const MAX_EVENTS_PER_TRANSACTION = 20_000;
/** The rows of a transaction are in memory twice: here and in the thread or the message that writes. */
const MAX_BYTES_PER_TRANSACTION = 16 * 1024 * 1024;
/** Transactions that are given to the store: one runs, the other is made ready meanwhile. */
const MOST_AT_ONCE = 2;
/**
 * From so many events on it pays to make them ready. Fewer wait until the writer is free, because then
 * more of them go together.
 */
const EVENTS_AHEAD = 1_000;
const MIN_RETRY_MS = 50;
const MAX_RETRY_MS = 30_000;
/** Events per millisecond that are assumed before any were measured. */
const ASSUMED_RATE = 10;
/** Weight of the newest measurement in the moving average of the rate. */
const NEWEST_WEIGHT = 0.3;
const RETRY_WHILE_CLOSING_MS = 1_000;

export function createWriteQueue(options: WriteQueueOptions): WriteQueue {
  const { append, limit, now = () => performance.now() } = options;
  let waiting: Waiting[] = [];
  const held = createHold(limit);
  let rate: number | null = null;
  let lastEnd = Number.NEGATIVE_INFINITY;
  let running = 0;
  let starting = false;
  let whenIdle: (() => void)[] = [];
  let closed = false;
  let failedCalls = 0;

  /** Begins a batch when the writer is free, or when it has so much to make ready meanwhile. */
  function start(): void {
    while (waiting.length > 0 && (running === 0 || (running < MOST_AT_ONCE && isEnoughAhead()))) {
      const batch = waiting.slice(0, batchLength(waiting));
      waiting = waiting.slice(batch.length);
      running++;
      void write(batch);
    }
    if (running > 0) return;
    for (const resolve of whenIdle) resolve();
    whenIdle = [];
  }

  const isEnoughAhead = (): boolean => sum(waiting, 'events') >= EVENTS_AHEAD;

  async function write(batch: readonly Waiting[]): Promise<void> {
    const started = now();
    await store(batch);
    const elapsed = Math.max(now() - Math.max(started, lastEnd), 0.1);
    lastEnd = now();
    const newest = sum(batch, 'events') / elapsed;
    rate = rate === null ? newest : rate + NEWEST_WEIGHT * (newest - rate);
    running--;
    start();
  }

  /** Calls that came in one turn of the event loop go together. */
  function startSoon(): void {
    if (starting) return;
    starting = true;
    setImmediate(() => {
      starting = false;
      start();
    });
  }

  /**
   * Stores the batch. If a group makes it fail, halves it until that group is alone and the others
   * are stored.
   */
  async function store(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await append(batch.map(({ group }) => group));
      held.release(batch);
      batch.forEach(({ resolve }, index) => {
        resolve(defined(results[index]));
      });
    } catch (error) {
      // If the database is not available, every group fails.
      if (batch.length === 1 || error instanceof StorageUnavailable) {
        held.release(batch);
        failedCalls += batch.length;
        for (const { reject } of batch) reject(error);
        return;
      }
      const middle = batch.length >> 1;
      await store(batch.slice(0, middle));
      await store(batch.slice(middle));
    }
  }

  return {
    add(group) {
      const size = sizeOf(group);
      if (closed) {
        const message = 'The server is shutting down: nothing was stored. Try again.';
        return Promise.reject(
          new TelltaleError('OVERLOADED', message, { retryAfterMs: RETRY_WHILE_CLOSING_MS }),
        );
      }
      if (!held.hasRoom(size)) {
        failedCalls++;
        return Promise.reject(new Overloaded(retryAfter(held.events(), rate ?? ASSUMED_RATE)));
      }
      return new Promise((resolve, reject) => {
        waiting.push({ group, ...size, resolve, reject });
        held.take(size);
        startSoon();
      });
    },
    load: () => ({ share: held.share(), held: held.size(), limit, failedCalls }),
    async close() {
      closed = true;
      if (running > 0 || waiting.length > 0) await new Promise<void>((resolve) => whenIdle.push(resolve));
    },
  };
}

/** Counts what waits or is being written. */
function createHold(limit: QueueLimit) {
  let events = 0;
  let bytes = 0;
  return {
    events: () => events,
    size: (): Size => ({ events, bytes }),
    hasRoom(size: Size): boolean {
      if (events + size.events > limit.events) return false;
      return bytes === 0 || bytes + size.bytes <= limit.bytes;
    },
    take(size: Size): void {
      events += size.events;
      bytes += size.bytes;
    },
    release(batch: readonly Size[]): void {
      events -= sum(batch, 'events');
      bytes -= sum(batch, 'bytes');
    },
    // A single group may be larger than the limit.
    share: () => Math.min(1, Math.max(events / limit.events, bytes / limit.bytes)),
  };
}

const sizeOf = (group: EventGroup): Size => ({
  events: group.parts.reduce((total, { rows }) => total + rows.length, 0),
  bytes: bytesOf(group),
});

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

/** Milliseconds until about half of the held events will have been stored. */
function retryAfter(heldEvents: number, eventsPerMs: number): number {
  return Math.round(Math.min(MAX_RETRY_MS, Math.max(MIN_RETRY_MS, heldEvents / 2 / eventsPerMs)));
}

function sum(batch: readonly Size[], what: 'events' | 'bytes'): number {
  return batch.reduce((total, group) => total + group[what], 0);
}
