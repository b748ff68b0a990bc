import { Overloaded, TelltaleError } from '../core/errors.ts';
import { StorageUnavailable } from '../storage/errors.ts';
import type { AppendResult, EventGroup, Store } from '../storage/store.ts';

export interface WriteQueueOptions {
  readonly append: Store['append'];
  /** Maximum number of waiting events; further ones are rejected. */
  readonly limit: number;
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
}

/** The queue in front of the writer. */
export interface WriteQueue {
  /**
   * Stores a group, together with all groups that are waiting when the writer is free, and resolves
   * after the commit.
   *
   * @throws Overloaded if too many events wait: nothing was stored.
   */
  add(group: EventGroup): Promise<AppendResult>;
  /** Rejects new groups, and resolves when all waiting ones are stored. */
  close(): Promise<void>;
}

interface Waiting {
  readonly group: EventGroup;
  readonly size: number;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/** More events in one transaction gain nothing, and make the first one wait for the last. */
const MAX_EVENTS_PER_TRANSACTION = 20_000;
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
  let waitingEvents = 0;
  let rate: number | null = null;
  let draining: Promise<void> | null = null;
  let closed = false;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = takeBatch();
      const started = now();
      await store(batch);
      const elapsed = Math.max(now() - started, 0.1);
      const newest = countEvents(batch) / elapsed;
      rate = rate === null ? newest : rate + NEWEST_WEIGHT * (newest - rate);
    }
    draining = null;
  }

  function takeBatch(): Waiting[] {
    let events = 0;
    let count = 0;
    for (const { size } of waiting) {
      if (count > 0 && events + size > MAX_EVENTS_PER_TRANSACTION) break;
      events += size;
      count++;
    }
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    waitingEvents -= events;
    return batch;
  }

  /**
   * Stores the batch. If a group makes it fail, halves it until that group is alone and the others
   * are stored.
   */
  async function store(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await append(batch.map(({ group }) => group));
      batch.forEach(({ resolve }, index) => {
        resolve(results[index] as AppendResult);
      });
    } catch (error) {
      // If the database is not available, every group fails.
      if (batch.length === 1 || error instanceof StorageUnavailable) {
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
      const size = group.parts.reduce((total, { rows }) => total + rows.length, 0);
      if (closed) {
        const message = 'The server is shutting down: nothing was stored. Try again.';
        return Promise.reject(
          new TelltaleError('OVERLOADED', message, { retryAfterMs: RETRY_WHILE_CLOSING_MS }),
        );
      }
      if (waitingEvents + size > limit)
        return Promise.reject(new Overloaded(retryAfter(waitingEvents, rate ?? ASSUMED_RATE)));
      return new Promise((resolve, reject) => {
        waiting.push({ group, size, resolve, reject });
        waitingEvents += size;
        draining ??= Promise.resolve().then(drain);
      });
    },
    async close() {
      closed = true;
      await draining;
    },
  };
}

/** Milliseconds until about half of the waiting events will have been stored. */
function retryAfter(waitingEvents: number, eventsPerMs: number): number {
  return Math.round(Math.min(MAX_RETRY_MS, Math.max(MIN_RETRY_MS, waitingEvents / 2 / eventsPerMs)));
}

function countEvents(batch: readonly Waiting[]): number {
  return batch.reduce((total, { size }) => total + size, 0);
}
