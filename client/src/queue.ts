import type { Dataset } from './events.ts';

/** An event that waits, as JSON: what the caller changes later does not reach it. */
export interface Entry {
  readonly sequence: number;
  readonly dataset: Dataset;
  readonly json: string;
  /** Of its JSON in UTF-8. */
  readonly bytes: number;
  /** When it was first sent; null if it was not. Milliseconds of a clock that never steps back. */
  firstTriedAt: number | null;
}

export interface QueueLimits {
  readonly events: number;
  readonly bytes: number;
}

/**
 * Events in the order of their calls, at most so many, and so many bytes. Those of the batch under
 * way count, but are not dropped: the server may just be storing them.
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
  /** Adds an event, and drops the oldest until the limits hold. Returns how many were dropped. */
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

export function createQueue(limits: QueueLimits): Queue {
  let waiting: Entry[] = [];
  /** Position of the oldest in `waiting`; what is before it has left. */
  let head = 0;
  let underWay: readonly Entry[] = [];
  let bytes = 0;
  let sequence = 0;

  const count = () => waiting.length - head;
  const shift = (): Entry | undefined => {
    const entry = waiting[head];
    if (entry === undefined) return undefined;
    head++;
    // Half of the list is empty: moving the rest costs each event once.
    if (head * 2 > waiting.length) {
      waiting = waiting.slice(head);
      head = 0;
    }
    return entry;
  };
  const isFull = () => underWay.length + count() > limits.events || bytes > limits.bytes;

  return {
    get size() {
      return underWay.length + count();
    },
    get bytes() {
      return bytes;
    },
    get waiting() {
      return count();
    },
    get oldest() {
      return (underWay[0] ?? waiting[head])?.sequence ?? null;
    },
    get newest() {
      return sequence - 1;
    },
    countUpTo(last) {
      const after = waiting.findIndex((entry, at) => at >= head && entry.sequence > last);
      const of = underWay.filter((entry) => entry.sequence <= last).length;
      return of + (after === -1 ? count() : after - head);
    },
    add(dataset, json) {
      const size = utf8Length(json);
      // It would drop all others and then itself.
      if (size > limits.bytes) return 1;
      waiting.push({ sequence: sequence++, dataset, json, bytes: size, firstTriedAt: null });
      bytes += size;
      let dropped = 0;
      while (isFull()) {
        bytes -= shift()?.bytes ?? 0;
        dropped++;
      }
      return dropped;
    },
    take(most) {
      const batch: Entry[] = [];
      let size = 0;
      for (let next = waiting[head]; next !== undefined; next = waiting[head]) {
        if (batch.length > 0 && (batch.length === most.events || size + next.bytes > most.bytes)) break;
        batch.push(next);
        size += next.bytes;
        shift();
      }
      underWay = batch;
      return batch;
    },
    settle() {
      for (const entry of underWay) bytes -= entry.bytes;
      underWay = [];
    },
    putBack(keep) {
      const kept = underWay.filter((entry) => {
        if (keep(entry)) return true;
        bytes -= entry.bytes;
        return false;
      });
      waiting = [...kept, ...waiting.slice(head)];
      head = 0;
      underWay = [];
    },
    clear() {
      const cleared = underWay.length + count();
      [waiting, head, underWay, bytes] = [[], 0, [], 0];
      return cleared;
    },
  };
}

/** The bytes of a text in UTF-8, without encoding it. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    // Each half of a pair counts two of its four bytes.
    length += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return length;
}
