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

/** Whether one has all that the other has. */
export const covers = (one: Arrivals, other: Arrivals): boolean =>
  Object.entries(other).every(([slot, last]) => lastOf(one, slot) >= last);
