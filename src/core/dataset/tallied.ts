import { defined } from '../defined.ts';
import { type Column, type ColumnValue, toStoredNumber } from './column.ts';
import { mergeGroups, NO_GROUPS } from './group-totals.ts';
import { numberAt, type Row, textAt } from './row.ts';
import type { StateTable } from './state.ts';
import { positionOf } from './table.ts';

/**
 * A state that adds up events (`Tally`), as plain data: positions in its rows. How two of its rows
 * are merged follows from its columns. Numbers add up, lists collect values, JSON holds the
 * numbers of groups, and a text has a hidden column beside it with the time of its value, so that
 * the newest value wins.
 */
export interface Tallied {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly Column[];
  readonly projectAt: number;
  readonly idAt: number;
  readonly keyAt: number;
  /** The time of the first event, and of the last one. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly sums: readonly number[];
  readonly newest: readonly { readonly value: number; readonly setAt: number }[];
  readonly collected: readonly number[];
  readonly grouped: readonly number[];
}

/** Lists keep at most this many values: the first ones in the order of code units. */
export const MAX_COLLECTED = 50;

/** @throws Error if nothing says how a column adds up: a mistake in our code. */
export function talliedOf(state: StateTable): Tallied {
  const { name, table, columns, at, naturalKey, timeColumn, storedAtColumn } = state;
  const times = new Set([timeColumn, storedAtColumn]);
  const own = columns.filter((column) => !['projectId', 'id', naturalKey].includes(column.name));
  const ofKind = (...kinds: readonly string[]) => own.filter(({ kind }) => kinds.includes(kind));
  const noted = ofKind('timestamp').filter((column) => !times.has(column.name));
  const newest = ofKind('text').map((column) => ({
    value: column.index,
    setAt: positionOf(state, `${column.name}SetAt`),
  }));
  const sums = ofKind('integer', 'float', 'money').map(({ index }) => index);
  const collected = ofKind('texts').map(({ index }) => index);
  const grouped = ofKind('json').map(({ index }) => index);
  const added = [noted, newest, sums, collected, grouped].flat().length;
  if (own.length !== times.size + added) {
    throw new Error(`${name}: a state that adds up events has texts, lists of texts, numbers and JSON`);
  }
  return {
    ...{ name, table, columns, sums, newest, collected, grouped },
    projectAt: at.projectId,
    idAt: at.id,
    keyAt: positionOf(state, String(naturalKey)),
    firstAt: positionOf(state, timeColumn),
    lastAt: positionOf(state, storedAtColumn),
  };
}

/**
 * A row without any event. Sums that may be absent are absent, because "nothing known" is not zero.
 */
export function emptyTally({ columns, sums, collected, grouped }: Tallied): Row {
  const row: Row = columns.map(() => null);
  for (const at of sums) if (columns[at]?.optional !== true) row[at] = 0;
  for (const at of collected) row[at] = '[]';
  for (const at of grouped) row[at] = NO_GROUPS;
  return row;
}

/** The largest sum that a column can hold, in its stored unit (nano-USD for money). */
export const mostOf = (column: Column): number =>
  toStoredNumber(column, column.max ?? Number.MAX_SAFE_INTEGER);

/** Adds to a sum; null counts as 0. A sum beyond the column's maximum stays at the maximum. */
export const addUp = (column: Column | undefined, sum: ColumnValue, added: ColumnValue): number =>
  Math.min(Number(sum) + Number(added), mostOf(defined(column)));

/** Adds the events of one row to another, in place. The order does not matter. */
export function mergeTally(tallied: Tallied, into: Row, other: Row): void {
  const { columns, firstAt, lastAt, sums, newest, collected, grouped } = tallied;
  into[firstAt] = Math.min(numberAt(into, firstAt), numberAt(other, firstAt));
  into[lastAt] = Math.max(numberAt(into, lastAt), numberAt(other, lastAt));
  for (const at of sums) {
    const added = other[at] ?? null;
    if (added !== null) into[at] = addUp(columns[at], into[at] ?? null, added);
  }
  for (const { value, setAt } of newest) {
    if (isNewer(other, into, { value, setAt }))
      [into[value], into[setAt]] = [other[value] ?? null, numberAt(other, setAt)];
  }
  for (const at of collected) into[at] = collect(textAt(into, at), textAt(other, at));
  for (const at of grouped) into[at] = mergeGroups(groupsAt(into, at), groupsAt(other, at));
}

/** A state of an older version has none. */
const groupsAt = (row: Row, at: number): string => (row[at] == null ? NO_GROUPS : textAt(row, at));

/** Of two values with the same time, the greater text wins, so that the order does not matter. */
function isNewer(row: Row, than: Row, { value, setAt }: Tallied['newest'][number]): boolean {
  const time = row[setAt] ?? null;
  if (time === null) return false;
  const known = than[setAt] ?? null;
  if (known === null) return true;
  return time === known ? textAt(row, value) > textAt(than, value) : Number(time) > Number(known);
}

function collect(one: string, other: string): string {
  if (one === other || other === '[]') return one;
  const all = new Set<string>([...JSON.parse(one), ...JSON.parse(other)]);
  return JSON.stringify([...all].sort().slice(0, MAX_COLLECTED));
}
