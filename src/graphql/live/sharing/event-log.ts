import type { ExecutionResult } from 'graphql';
import { defined } from '../../../core/defined.ts';
import { jsonLength } from '../../../core/json-length.ts';

/** An event that readers wait for. */
export interface Entry<Event> {
  readonly number: number;
  readonly event: Event;
  /** How many readers have not taken it. */
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

/** The last events, as long as a reader has not taken them. */
export interface EventLog<Event> {
  /** The number of the next event. A reader at this position has taken all. */
  readonly next: number;
  /** Adds an event. Returns how many readers miss the one that is dropped for it. */
  add(event: Event, awaitedBy: number): number;
  /** The next entry of a reader, which must not have taken all. */
  take(reader: Reader): Entry<Event>;
  /** A reader takes no more. */
  leave(reader: Reader): void;
  /** Whether the result of an entry is kept for others, once it is made. */
  keeps(entry: Entry<Event>): boolean;
  /** Keeps the result of an entry for those that have not taken it. */
  remember(entry: Entry<Event>, result: ExecutionResult): void;
}

/**
 * Results that wait for readers that lag behind, and the characters of their texts. Older ones are
 * made again when they are needed: the events take no memory of their own, because all groups keep
 * the same.
 */
const KEPT_RESULTS = 64;
const KEPT_CHARACTERS = 1024 * 1024;

export function createEventLog<Event>(capacity: number): EventLog<Event> {
  /** In order, without gaps. */
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
      // The newest one is kept in any case: others wait for it just now.
      while (firstKept < newest && isTooMuch()) forgetResult(firstKept++);
    },
  };
}
