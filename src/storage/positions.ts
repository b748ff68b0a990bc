import { NUMBERS_PER_SLOT } from './dialect/postgresql/arrivals.ts';

/**
 * Which events of a dataset were read, or exist: the last number of each writer slot. Within a
 * slot, the order of numbers is the order of commits (docs/decisions/0032). SQLite has only slot 0.
 */
export type Arrivals = Readonly<Record<string, number>>;

export const slotOf = (arrival: number): number => Math.floor(arrival / NUMBERS_PER_SLOT);

/** The last number of a slot that was read; if none was, the number before its first. */
export const lastOf = (arrivals: Arrivals, slot: string | number): number =>
  arrivals[slot] ?? Number(slot) * NUMBERS_PER_SLOT;

/** The arrivals that either of them has. */
export function later(one: Arrivals, other: Arrivals): Arrivals {
  const both: Record<string, number> = { ...one };
  for (const [slot, last] of Object.entries(other)) both[slot] = Math.max(lastOf(one, slot), last);
  return both;
}

/** The first arrivals, but for each slot no more than the other has. */
export const within = (one: Arrivals, other: Arrivals): Arrivals =>
  Object.fromEntries(Object.entries(one).map(([slot, last]) => [slot, Math.min(last, other[slot] ?? last)]));

/** Whether the first has everything that the other has. */
export const covers = (one: Arrivals, other: Arrivals): boolean =>
  Object.entries(other).every(([slot, last]) => lastOf(one, slot) >= last);

/** The same arrivals without the last number of these slots. */
export function withoutLast(arrivals: Arrivals, slots: readonly number[]): Arrivals {
  const before: Record<string, number> = { ...arrivals };
  for (const slot of slots) {
    const last = before[slot];
    if (last !== undefined) before[slot] = Math.max(last - 1, lastOf({}, slot));
  }
  return before;
}
