import type { ExecutionResult } from 'graphql';
import { defined } from '../../../core/defined.ts';
import { jsonLength } from '../../../core/json-length.ts';

/** An event that readers wait for. */
export interface Entry<Event> {
  readonly number: number;
  readonly event: Event;
  /** How many readers have not taken it yet. */
  awaitedBy: number;
  result: ExecutionResult | null;
}

/** A reader of the log. */
export interface Reader {
  /** The number of the entry that it takes next. */
  position: number;
  /** Events that were dropped before it took them, since its last result. */
  missed: number;
}

/** The latest events, each kept until every reader has taken it. */
export interface EventLog<Event> {
  /** The number of the next event. A reader at this position has taken everything. */
  readonly next: number;
  /** Adds an event. Returns how many readers miss the event that was dropped to make space. */
  add(event: Event, awaitedBy: number): number;
  /** The next entry of a reader, which must not have taken everything. */
  take(reader: Reader): Entry<Event>;
  /** Removes a reader. */
  leave(reader: Reader): void;
  /** Whether the result of an entry will be kept for other readers, once it exists. */
  keeps(entry: Entry<Event>): boolean;
  /** Keeps the result of an entry for the readers that have not taken it. */
  remember(entry: Entry<Event>, result: ExecutionResult): void;
}

/**
 * How many results to keep for readers that lag behind, and how many characters of text. Older
 * results are made again on demand. The events need no memory of their own, because all groups keep
 * the same ones.
 */
const KEPT_RESULTS = 64;
const KEPT_CHARACTERS = 1024 * 1024;

export function createEventLog<Event>(capacity: number): EventLog<Event> {
  /** Consecutive, without gaps. */
  const entries: Entry<Event>[] = [];
  let next = 0;
  let newest = -1;
  /** Results from this entry on are kept. */
  let firstKept = 0;
  const lengths = new Map<number, number>();
  let characters = 0;
  const first = () => next - entries.length;
  const keeps = ({ number }: Entry<Event>): boolean => number >= firstKept;
  const isTooMuch = (): boolean => newest - firstKept >= KEPT_RESULTS || characters > KEPT_CHARACTERS;

  function forgetResult(number: number): void {
    characters -= lengths.get(number) ?? 0;
    lengths.delete(number);
    const entry = entries[number - first()];
    if (entry !== undefined) entry.result = null;
  }

  function forgetTaken(): void {
    while (entries[0]?.awaitedBy === 0) entries.shift();
  }

  return {
    get next() {
      return next;
    },
    add(event, awaitedBy) {
      forgetTaken();
      const dropped = entries.length < capacity ? undefined : entries.shift();
      entries.push({ number: next, event, awaitedBy, result: null });
      next += 1;
      return dropped?.awaitedBy ?? 0;
    },
    take(reader) {
      if (reader.position < first()) {
        reader.missed += first() - reader.position;
        reader.position = first();
      }
      const entry = defined(entries[reader.position - first()]);
      reader.position += 1;
      entry.awaitedBy -= 1;
      if (entry.awaitedBy === 0) forgetTaken();
      return entry;
    },
    leave({ position }) {
      for (const entry of entries) if (entry.number >= position) entry.awaitedBy -= 1;
      forgetTaken();
    },
    keeps,
    remember(entry, result) {
      if (!keeps(entry)) return;
      const length = jsonLength(result.data, KEPT_CHARACTERS);
      lengths.set(entry.number, length);
      characters += length;
      entry.result = result;
      newest = Math.max(newest, entry.number);
      // The newest result is always kept: other readers are waiting for it.
      while (firstKept < newest && isTooMuch()) forgetResult(firstKept++);
    },
  };
}
