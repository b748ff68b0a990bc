import { type Entry, sizeOf } from './entry.ts';
import type { Dataset } from './events.ts';
import { createFreshEvents, type FreshEvents } from './fresh-events.ts';

export interface QueueLimits {
  readonly events: number;
  readonly bytes: number;
}

/**
 * Events in the order of their calls, at most so many, and so many bytes. What was sent and not
 * acknowledged counts, but is not dropped: the server may have stored it, and a drop would be a guess.
 */
export interface Queue {
  /** Events that wait or are under way. */
  readonly size: number;
  readonly bytes: number;
  readonly waiting: number;
  /** The number of the oldest event that waits or is under way; null if there is none. */
  readonly oldest: number | null;
  /** The number of the newest event that was added; -1 before the first. */
  readonly newest: number;
  /** How many with a number up to this one wait or are under way. */
  countUpTo(sequence: number): number;
  /** Adds an event, and drops the oldest that was never sent until the limits hold. Returns how many. */
  add(dataset: Dataset, json: string): number;
  /** Takes the next batch: at least one event if any waits. Nothing may be under way. */
  take(limits: QueueLimits): readonly Entry[];
  /** The batch is settled: it leaves the queue. */
  settle(): void;
  /** The batch was not settled: those of its events that `keep` accepts wait again, before all others. */
  putBack(keep: (entry: Entry) => boolean): void;
  /** Empties the queue. Returns how many events were in it. */
  clear(): number;
}

const encoder = new TextEncoder();

export function createQueue(limits: QueueLimits): Queue {
  const fresh = createFreshEvents();
  /** Were under way before, and are taken first. */
  let returned: readonly Entry[] = [];
  let underWay: readonly Entry[] = [];
  let bytes = 0;

  const size = () => underWay.length + returned.length + fresh.length;
  const forget = (entries: readonly Entry[]): void => {
    for (const entry of entries) {
      bytes -= sizeOf(entry);
      fresh.free(entry.text);
    }
  };

  function dropUntilItFits(): number {
    let dropped = 0;
    while (size() > limits.events || bytes > limits.bytes) {
      const freed = fresh.drop();
      if (freed === undefined) break;
      bytes -= freed;
      dropped++;
    }
    return dropped;
  }

  return {
    get size() {
      return size();
    },
    get bytes() {
      return bytes;
    },
    get waiting() {
      return returned.length + fresh.length;
    },
    get oldest() {
      const sent = underWay[0] ?? returned[0];
      return sent?.sequence ?? (fresh.length > 0 ? fresh.first : null);
    },
    get newest() {
      return fresh.newest;
    },
    countUpTo(last) {
      const sent = [...underWay, ...returned].filter(({ sequence }) => sequence <= last).length;
      return sent + Math.min(fresh.length, Math.max(0, last + 1 - fresh.first));
    },
    add(dataset, json) {
      // It would drop all others and then itself.
      if (json.length * 3 > limits.bytes && encoder.encode(json).length > limits.bytes) return 1;
      bytes += fresh.push(dataset, json);
      return dropUntilItFits();
    },
    take(most) {
      underWay = takeBatch(returned, fresh, most);
      returned = returned.slice(underWay.length);
      return underWay;
    },
    settle() {
      forget(underWay);
      underWay = [];
    },
    putBack(keep) {
      const kept = underWay.filter(keep);
      forget(underWay.filter((entry) => !kept.includes(entry)));
      returned = [...kept, ...returned];
      underWay = [];
    },
    clear() {
      const cleared = size();
      fresh.clear();
      [returned, underWay, bytes] = [[], [], 0];
      return cleared;
    },
  };
}

/** The first of those that came back, and then of the fresh ones, as far as the limits allow; at least one. */
function takeBatch(returned: readonly Entry[], fresh: FreshEvents, limits: QueueLimits): readonly Entry[] {
  const batch: Entry[] = [];
  let bytes = 0;
  /** Whether there is a next one that fits: its bytes count then. */
  const fits = (next: number | undefined): boolean => {
    if (next === undefined) return false;
    if (batch.length > 0 && (batch.length >= limits.events || bytes + next > limits.bytes)) return false;
    bytes += next;
    return true;
  };
  for (const entry of returned) {
    if (!fits(sizeOf(entry))) return batch;
    batch.push(entry);
  }
  while (fits(fresh.nextSize())) {
    const entry = fresh.shift();
    if (entry !== undefined) batch.push(entry);
  }
  return batch;
}
