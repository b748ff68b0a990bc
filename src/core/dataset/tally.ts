import { isObject } from '../is-object.ts';
import type { Column, ColumnValue } from './column.ts';
import { addToGroup, type GroupsByKey } from './group-totals.ts';
import type { ColumnTypes, NameOf } from './names.ts';
import { numberAt, type Row, textAt } from './row.ts';
import type { StateTable } from './state.ts';
import { columnOf, type EntityTable, positionOf } from './table.ts';
import { addUp, emptyTally, type Tallied, talliedOf } from './tallied.ts';

/**
 * A state that adds up the events of one or several datasets, one per value of a column: what a
 * session did. The transaction that stores new events adds them, just as it adds them to the
 * rollups. An event that is sent again is not new, so it changes nothing. The result does not
 * depend on the order in which events arrive, and it outlives them.
 */
export interface Tally<Name extends string = string> {
  readonly state: StateTable;
  /**
   * The column of the event that is the natural key of the state. Events without a value belong to
   * no state.
   */
  readonly key: Name;
  /** Numbers of the state, and what an event adds to each. */
  readonly totals: Readonly<Record<string, Total<Name>>>;
  /** Texts of the state: each has the value of the newest event that has one in this column. */
  readonly newest: Readonly<Record<string, Name>>;
  /** The same for a text within a JSON column of the events. */
  readonly newestWithin?: Readonly<Record<string, readonly [column: Name, key: string]>>;
  /** Lists of the state, which collect the different values of a column. */
  readonly collected?: Readonly<Record<string, Name>>;
  /** JSON of the state, with totals for each group of its events that have the same values. */
  readonly grouped?: Readonly<Record<string, Grouped<Name>>>;
}

/** Which values the events of a group have in common, and the numbers of a group in this order. */
interface Grouped<Name extends string> {
  readonly by: readonly Name[];
  readonly totals: readonly Total<Name>[];
}

/**
 * An event adds 1, or the value of `sum` if it has one; with `where`, only if a column has this
 * value.
 */
export interface Total<Name extends string = string> {
  readonly sum?: Name;
  readonly where?: readonly [column: Name, is: ColumnValue];
}

/** A tally as declared for a dataset. */
export type TallyOf<Event extends ColumnTypes> = Tally<NameOf<Event>>;

/** A tally as plain data that can be sent to another thread: positions in rows. */
export interface TallyPlan {
  readonly tallied: Tallied;
  readonly projectAt: number;
  readonly keyAt: number;
  readonly timeAt: number;
  readonly receivedAt: number;
  readonly totals: readonly TotalPlan[];
  readonly newest: readonly NewestPlan[];
  readonly collected: readonly { readonly to: number; readonly from: number }[];
  readonly grouped: readonly GroupedPlan[];
}

interface GroupedPlan {
  readonly to: number;
  readonly by: readonly number[];
  readonly totals: readonly AddedPlan[];
}

interface TotalPlan extends AddedPlan {
  readonly to: number;
}

/** What an event adds to a total. */
interface AddedPlan {
  readonly sumAt: number | null;
  readonly where: { readonly at: number; readonly is: ColumnValue } | null;
}

interface NewestPlan {
  readonly to: number;
  /** Where the state notes the time of the value. */
  readonly setAt: number;
  readonly from: number;
  /** The key within JSON; null: the whole value. */
  readonly key: string | null;
}

/** @throws Error if the tally and its tables disagree: a mistake in our code. */
export function planTally(
  dataset: EntityTable,
  { state, key, totals, newest, newestWithin = {}, collected = {}, grouped = {} }: Tally,
): TallyPlan {
  if (state.naturalKey !== key) throw new Error(`${state.name}: the natural key must be ${key}`);
  const tallied = talliedOf(state);
  const from = (name: string) => columnOf(dataset, name).index;
  const to = (name: string) => columnOf(state, name).index;
  const addedOf = ({ sum, where }: Total): AddedPlan => ({
    sumAt: sum === undefined ? null : from(sum),
    where: where === undefined ? null : { at: from(where[0]), is: where[1] },
  });
  const newestOf = (name: string, column: string, within: string | null): NewestPlan => {
    const pair = tallied.newest.find(({ value }) => value === to(name));
    if (pair === undefined) throw new Error(`${state.name}: nothing notes the time of ${name}`);
    return { to: pair.value, setAt: pair.setAt, from: from(column), key: within };
  };
  return {
    tallied,
    projectAt: dataset.at.projectId,
    keyAt: from(key),
    timeAt: positionOf(dataset, dataset.timeColumn),
    receivedAt: positionOf(dataset, dataset.storedAtColumn),
    totals: Object.entries(totals).map(([name, total]) => ({
      to: sumOf(tallied, columnOf(state, name)),
      ...addedOf(total),
    })),
    newest: [
      ...Object.entries(newest).map(([name, column]) => newestOf(name, column, null)),
      ...Object.entries(newestWithin).map(([name, [column, within]]) => newestOf(name, column, within)),
    ],
    collected: Object.entries(collected).map(([name, column]) => ({ to: to(name), from: from(column) })),
    grouped: Object.entries(grouped).map(([name, { by, totals: ofGroup }]) => ({
      to: to(name),
      by: by.map(from),
      totals: ofGroup.map(addedOf),
    })),
  };
}

function sumOf({ sums }: Tallied, { name, index }: Column): number {
  if (!sums.includes(index)) throw new Error(`${name} is not a number that can be added up`);
  return index;
}

/**
 * What one event adds to its state, as a row of the state without its id; null if it belongs to
 * none.
 */
export function tallyOf(plan: TallyPlan, event: Row): Row | null {
  const { tallied, projectAt, keyAt, timeAt, receivedAt, totals, newest, collected } = plan;
  const key = event[keyAt];
  if (typeof key !== 'string') return null;
  // No event counts as later than its receipt, so that a clock that is ahead does not make a
  // session longer.
  const time = Math.min(numberAt(event, timeAt), numberAt(event, receivedAt));
  const row = emptyTally(tallied);
  row[tallied.projectAt] = textAt(event, projectAt);
  row[tallied.keyAt] = key;
  row[tallied.firstAt] = time;
  row[tallied.lastAt] = time;
  for (const total of totals) {
    const added = addedBy(event, total);
    const { to } = total;
    if (added !== null) row[to] = addUp(tallied.columns[to], row[to] ?? null, added);
  }
  for (const { to, setAt, from, key: within } of newest) {
    const value = textIn(event[from] ?? null, within);
    if (value !== null) [row[to], row[setAt]] = [value, time];
  }
  for (const { to, from } of collected) {
    const value = event[from] ?? null;
    if (value !== null) row[to] = JSON.stringify([value]);
  }
  return row;
}

/** What an event adds to a total; null: nothing. */
export function addedBy(event: Row, { sumAt, where }: AddedPlan): number | null {
  if (where !== null && (event[where.at] ?? null) !== where.is) return null;
  if (sumAt === null) return 1;
  const value = event[sumAt] ?? null;
  return value === null ? null : Number(value);
}

/**
 * Adds an event to its group. Totals that count are 0 where it does not count; sums stay unknown.
 */
export function addToGroups({ by, totals }: GroupedPlan, groups: GroupsByKey, event: Row): void {
  const key = by.map((at) => event[at] ?? null);
  const added = totals.map((total) => addedBy(event, total) ?? (total.sumAt === null ? 0 : null));
  addToGroup(groups, { key, totals: added });
}

function textIn(value: ColumnValue, key: string | null): string | null {
  if (typeof value !== 'string' || value === '') return null;
  if (key === null) return value;
  const held: unknown = JSON.parse(value);
  const found = isObject(held) && Object.hasOwn(held, key) ? held[key] : null;
  return typeof found === 'string' && found !== '' ? found : null;
}
