import { NUMBERS_PER_SLOT } from './dialect/postgresql/arrivals.ts';

/**
 * Which events of a dataset were read, or are there: the last number of each writer slot. Within a
 * slot the order of numbers is the order of commits (docs/decisions/0032). SQLite has the slot 0 alone.
 */
export type Arrivals = Readonly<Record<string, number>>;

export const slotOf = (arrival: number): number => Math.floor(arrival / NUMBERS_PER_SLOT);

/** The last number of a slot that was read; if none was, the one before its first. */
export const lastOf = (arrivals: Arrivals, slot: string | number): number =>
  arrivals[slot] ?? Number(slot) * NUMBERS_PER_SLOT;

/** What either of them has. */
export function later(one: Arrivals, other: Arrivals): Arrivals {
  const both: Record<string, number> = { ...one };
  for (const [slot, last] of Object.entries(other)) both[slot] = Math.max(lastOf(one, slot), last);
  return both;
}

/** The first, but no more of a slot than the other has. */
export const within = (one: Arrivals, other: Arrivals): Arrivals =>
  Object.fromEntries(Object.entries(one).map(([slot, last]) => [slot, Math.min(last, other[slot] ?? last)]));

/** Whether one has all that the other has. */
export const covers = (one: Arrivals, other: Arrivals): boolean =>
  Object.entries(other).every(([slot, last]) => lastOf(one, slot) >= last);

/** The same without the last number of these slots. */
export function withoutLast(arrivals: Arrivals, slots: readonly number[]): Arrivals {
  const before: Record<string, number> = { ...arrivals };
  for (const slot of slots) {
    const last = before[slot];
    if (last !== undefined) before[slot] = Math.max(last - 1, lastOf({}, slot));
  }
  return before;
}
