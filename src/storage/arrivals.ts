import { sql } from 'kysely';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { Row } from '../core/dataset/row.ts';
import { type Arrivals, lastOf, slotOf, withoutLast } from './positions.ts';
import type { Store } from './store.ts';
import { toRow } from './to-row.ts';

/**
 * Which events of a dataset are committed. The two differ where servers commit one after another.
 */
export interface Committed {
  /** The last number of each slot. Some of its events may not be visible yet. */
  readonly last: Arrivals;
  /** The last number up to which all events are visible. */
  readonly whole: Arrivals;
}

export async function readCommitted(
  { query, functions }: Pick<Store, 'query' | 'functions'>,
  dataset: Dataset,
): Promise<Committed> {
  const row = await query
    .selectNoFrom(functions.arrivalsOf(dataset).as('arrivals'))
    .executeTakeFirstOrThrow();
  const last = parseArrivals(row.arrivals);
  if (functions.appending === null) return { last, whole: last };
  // Asked afterwards: an append that has ended by now is visible. A writer appends one after
  // another.
  const appending = await query.selectFrom(functions.appending.as('appending')).select('writer').execute();
  const slots = appending.map(({ writer }) => Number(writer));
  return { last, whole: withoutLast(last, slots) };
}

/** Up to which number all events are committed and visible. */
export const readArrivals = async (
  store: Pick<Store, 'query' | 'functions'>,
  dataset: Dataset,
): Promise<Arrivals> => (await readCommitted(store, dataset)).whole;

/**
 * @param text the result of `SqlFunctions.arrivalsOf`: a number, or JSON by slot with null for a
 *   slot without rows
 */
function parseArrivals(text: string | number): Arrivals {
  if (typeof text === 'number') return { 0: text };
  const slots: Readonly<Record<string, number | null>> = JSON.parse(text);
  const found = Object.entries(slots);
  return Object.fromEntries(found.filter((entry): entry is [string, number] => entry[1] !== null));
}

/** Events in the order of their numbers, slot by slot. */
export interface ArrivedPage {
  readonly events: readonly { readonly row: Row; readonly arrival: number }[];
  /** Everything up to here was read. */
  readonly reached: Arrivals;
}

export interface Arrived {
  readonly after: Arrivals;
  /** Slots that it does not name are not read. */
  readonly upTo: Arrivals;
  /** About this many of each slot, because events with the same number come together. */
  readonly limit: number;
}

/** Reads events by their numbers. */
export async function readArrived(
  { query, functions }: Pick<Store, 'query' | 'functions'>,
  dataset: Dataset,
  { after, upTo, limit }: Arrived,
): Promise<ArrivedPage> {
  const behind = Object.entries(upTo).filter(([slot, last]) => last > lastOf(after, slot));
  if (behind.length === 0) return { events: [], reached: after };
  const ranges = behind.map(([slot, last]) => ({ after: lastOf(after, slot), upTo: last }));
  const { rows } = await sql<Record<string, unknown> & { readonly arrived: number }>`
    select * from ${functions.arrivedWithin(dataset, ranges, limit)} as event`.execute(query);
  const reached: Record<string, number> = { ...after };
  for (const [slot, last] of behind) {
    const numbers = rows.map(({ arrived }) => arrived).filter((number) => slotOf(number) === Number(slot));
    reached[slot] = numbers.length < limit ? last : Math.max(...numbers);
  }
  const events = rows.map((row) => ({ row: toRow(dataset, row), arrival: row.arrived }));
  return { events, reached };
}
