import { NUMBERS_PER_SLOT } from '../storage/dialect/postgresql/arrivals.ts';
import { slotOf } from '../storage/positions.ts';

/** Which rows of a dataset the copy has, on PostgreSQL. */
export interface Position {
  /** The last arrival of each writer slot that has stored rows. */
  readonly arrivals: Arrivals;
  /**
   * Rows from before events had numbers are copied in the order of their keys. This is the key of
   * the last one. Empty: none is copied yet. Null: all are.
   */
  readonly unnumbered: Key | readonly [] | null;
  /**
   * The id of the migration that introduced the numbers, as it was applied to this database. An
   * older backup is migrated again, and may have other rows without numbers.
   */
  readonly numberedBy: string;
}

/** By writer slot. */
export type Arrivals = Readonly<Record<string, number>>;
/** The key of a row. */
export type Key = readonly [projectId: string, id: string];

/** The slots that have committed rows beyond the position. */
export const slotsBehind = (committed: Arrivals, { arrivals }: Position): number[] =>
  Object.entries(committed)
    .filter(([slot, last]) => last > (arrivals[slot] ?? 0))
    .map(([slot]) => Number(slot));

/** The arrivals between which the rows of these slots are read, both exclusive. */
export const rangesOf = (slots: readonly number[], { arrivals }: Position): [number[], number[]] => [
  slots.map((slot) => arrivals[slot] ?? slot * NUMBERS_PER_SLOT),
  slots.map((slot) => (slot + 1) * NUMBERS_PER_SLOT),
];

/** The last arrival of each slot, from a JSON array of arrivals. */
export function lastOfSlots(text: string): Arrivals {
  const last: Record<string, number> = {};
  const arrivals: readonly number[] = JSON.parse(text);
  for (const arrival of arrivals) {
    const slot = slotOf(arrival);
    last[slot] = Math.max(last[slot] ?? 0, arrival);
  }
  return last;
}

/**
 * Whether writers that have reserved numbers up to these may have stored all rows of a position.
 */
export const isWithin = ({ arrivals }: Position, reserved: Arrivals): boolean =>
  Object.entries(arrivals).every(([slot, arrival]) => arrival % NUMBERS_PER_SLOT <= (reserved[slot] ?? 0));
