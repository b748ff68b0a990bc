import { defined } from '../core/defined.ts';
import { Overloaded, TelltaleError } from '../core/errors.ts';
import { StorageUnavailable } from '../storage/errors.ts';
import type { AppendResult, EventGroup, Store } from '../storage/store.ts';
import { bytesOf } from './event-bytes.ts';
import { createBatches, type Size, sum } from './write-batches.ts';
import { createRate } from './write-rate.ts';

export interface WriteQueueOptions {
  readonly append: Store['append'];
  /** The limit of what waits and is being written. Further events are rejected. */
  readonly limit: QueueLimit;
  /** How many calls are being checked, whose groups will follow. Default: none. */
  readonly coming?: () => number;
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
}

export interface QueueLimit {
  readonly events: number;
  /** As estimated by `bytesOf`. A single group may be larger. */
  readonly bytes: number;
}

/** The queue in front of the writer. */
export interface WriteQueue {
  /**
   * Stores a group, together with all groups that wait when the writer is free, and resolves after
   * the commit.
   *
   * @throws Overloaded if too much is waiting: nothing was stored.
   */
  add(group: EventGroup): Promise<AppendResult>;
  load(): QueueLoad;
  /** Rejects new groups, and resolves when all waiting ones are stored. */
  close(): Promise<void>;
}

/** How full the queue is, and what it could not store. */
export interface QueueLoad {
  /** The use of the bound that is closer to being reached: 0 to 1. */
  readonly share: number;
  /** The current load, and its limit. */
  readonly held: QueueLimit;
  readonly limit: QueueLimit;
  /** Calls since the start that stored nothing: the queue was full, or the database failed. */
  readonly failedCalls: number;
}

interface Waiting extends Size {
  readonly group: EventGroup;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

const MIN_RETRY_MS = 50;
const MAX_RETRY_MS = 30_000;
const RETRY_WHILE_CLOSING_MS = 1_000;

export function createWriteQueue(options: WriteQueueOptions): WriteQueue {
  const { append, limit, coming = () => 0, now = () => performance.now() } = options;
  const held = createHold(limit);
  const rate = createRate(now);
  const batches = createBatches({ store, rate, coming });
  let closed = false;
  let failedCalls = 0;

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
      // If the database is unavailable, every group fails.
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
        return Promise.reject(new Overloaded(retryAfter(held.events(), rate.eventsPerMs())));
      }
      return new Promise((resolve, reject) => {
        held.take(size);
        batches.add({ group, ...size, resolve, reject });
      });
    },
    load: () => ({ share: held.share(), held: held.size(), limit, failedCalls }),
    async close() {
      closed = true;
      if (!batches.isIdle()) await batches.whenIdle();
    },
  };
}

/** Counts what is waiting or being written. */
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

/** Milliseconds until about half of the held events will have been stored. */
function retryAfter(heldEvents: number, eventsPerMs: number): number {
  return Math.round(Math.min(MAX_RETRY_MS, Math.max(MIN_RETRY_MS, heldEvents / 2 / eventsPerMs)));
}
