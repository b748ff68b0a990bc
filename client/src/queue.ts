import { DATASETS, type Dataset } from './events.ts';
import { bytesOf, createPagedTexts, lengthOf, type PagedText } from './paged-texts.ts';

/** An event that is sent, as JSON: what the caller changed after it was recorded does not reach it. */
export interface Entry {
  readonly sequence: number;
  readonly dataset: Dataset;
  /** Its JSON. */
  readonly text: PagedText;
  /** When it was first sent; null if it was not. Milliseconds of a clock that never steps back. */
  firstTriedAt: number | null;
}

/** The JSON of an event, until it has left the queue. */
export const jsonOf = ({ text }: Entry): Uint8Array => bytesOf(text);

export const sizeOf = ({ text }: Entry): number => lengthOf(text);

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
  /** Were never under way. Their numbers follow each other. */
  const fresh = createPagedTexts();
  /** Were under way before, and are taken first. */
  let returned: readonly Entry[] = [];
  let underWay: readonly Entry[] = [];
  let bytes = 0;
  let added = 0;

  const size = () => underWay.length + returned.length + fresh.length;
  const firstFresh = () => added - fresh.length;
  const forget = (text: PagedText): void => {
    bytes -= lengthOf(text);
    fresh.free(text);
  };
  const forgetAll = (entries: readonly Entry[]): void => {
    for (const { text } of entries) forget(text);
  };

  function shiftFresh(): Entry | undefined {
    const sequence = firstFresh();
    const text = fresh.shift();
    return text && { sequence, dataset: DATASETS[text.kind] as Dataset, text, firstTriedAt: null };
  }

  function dropUntilItFits(): number {
    let dropped = 0;
    while (size() > limits.events || bytes > limits.bytes) {
      const text = fresh.shift();
      if (text === undefined) break;
      forget(text);
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
      const first = underWay[0] ?? returned[0];
      if (first !== undefined) return first.sequence;
      return fresh.length > 0 ? firstFresh() : null;
    },
    get newest() {
      return added - 1;
    },
    countUpTo(last) {
      const sent = [...underWay, ...returned].filter(({ sequence }) => sequence <= last).length;
      return sent + Math.min(fresh.length, Math.max(0, last + 1 - firstFresh()));
    },
    add(dataset, json) {
      // It would drop all others and then itself.
      if (json.length * 3 > limits.bytes && encoder.encode(json).length > limits.bytes) return 1;
      bytes += fresh.push(DATASETS.indexOf(dataset), json);
      added++;
      return dropUntilItFits();
    },
    take(most) {
      const batch: Entry[] = [];
      let length = 0;
      const fits = (next: number) =>
        batch.length === 0 || (batch.length < most.events && length + next <= most.bytes);
      const add = (entry: Entry) => {
        batch.push(entry);
        length += sizeOf(entry);
      };
      for (const entry of returned) {
        if (!fits(sizeOf(entry))) break;
        add(entry);
      }
      returned = returned.slice(batch.length);
      while (returned.length === 0) {
        const next = fresh.peek();
        const entry = next !== undefined && fits(lengthOf(next)) ? shiftFresh() : undefined;
        if (entry === undefined) break;
        add(entry);
      }
      underWay = batch;
      return batch;
    },
    settle() {
      forgetAll(underWay);
      underWay = [];
    },
    putBack(keep) {
      const kept = underWay.filter(keep);
      forgetAll(underWay.filter((entry) => !kept.includes(entry)));
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
