import { type Entry, sizeOf } from './entry.ts';
import type { Dataset } from './events.ts';
import { createFreshEvents, type FreshEvents } from './fresh-events.ts';

export interface QueueLimits {
  readonly events: number;
  readonly bytes: number;
}

/**
 * Events in call order, limited in number and in bytes. Events that were sent but not acknowledged
 * count, but are not dropped: the server may have stored them, so counting them as dropped would be
 * a guess.
 */
export interface Queue {
  /** Events that wait or are in progress. */
  readonly size: number;
  readonly bytes: number;
  readonly waiting: number;
  /** The number of the oldest event that waits or is in progress; null if there is none. */
  readonly oldest: number | null;
  /** The number of the newest event added; -1 before the first. */
  readonly newest: number;
  /** How many events with numbers up to this one wait or are in progress. */
  countUpTo(sequence: number): number;
  /** Adds an event, and drops the oldest unsent events until the limits hold. Returns how many. */
  add(dataset: Dataset, json: string): number;
  /** Takes the next batch: at least one event if any waits. Nothing may be in progress. */
  take(limits: QueueLimits): readonly Entry[];
  /** Settles the batch: it leaves the queue. */
  settle(): void;
  /** Returns the batch unsettled: events that `keep` accepts wait again, before all others. */
  putBack(keep: (entry: Entry) => boolean): void;
  /** Empties the queue. Returns how many events were in it. */
  clear(): number;
}

const encoder = new TextEncoder();

export function createQueue(limits: QueueLimits): Queue {
  const fresh = createFreshEvents();
  /** Events that were in progress before, and are taken first. */
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
      // It would displace all others and then itself.
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

/** First the returned events, then the fresh ones, as far as the limits allow; at least one. */
function takeBatch(returned: readonly Entry[], fresh: FreshEvents, limits: QueueLimits): readonly Entry[] {
  const batch: Entry[] = [];
  let bytes = 0;
  /** Whether the next one exists and fits; if so, counts its bytes. */
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
