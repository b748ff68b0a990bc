import { derivedId } from '../ids.ts';
import { type GroupsByKey, writeGroups } from './group-totals.ts';
import { type Row, textAt } from './row.ts';
import { mergeTally, type Tallied } from './tallied.ts';
import { addToGroups, type TallyPlan, tallyOf } from './tally.ts';

/** Adds up new events of any dataset by their states. */
export interface TallyFold {
  add(plan: TallyPlan, events: readonly Row[]): void;
  /**
   * What to add to the stored states: one row each, in the order of the ids, so that transactions
   * that lock them cannot deadlock. The fold must not be used afterwards.
   */
  finish(): readonly TalliedRows[];
}

export interface TalliedRows {
  readonly tallied: Tallied;
  readonly rows: readonly Row[];
}

/** A state while events are added up. */
interface Folded {
  readonly row: Row;
  /** By the position of the column. JSON is written once, at the end. */
  readonly groups: Map<number, GroupsByKey>;
}

export function createTallyFold(): TallyFold {
  const tables = new Map<string, { readonly tallied: Tallied; readonly states: Map<string, Folded> }>();
  return {
    add(plan, events) {
      const { tallied } = plan;
      const { states } = tables.get(tallied.table) ?? { states: new Map<string, Folded>() };
      tables.set(tallied.table, { tallied, states });
      for (const event of events) addEvent(plan, states, event);
    },
    finish: () =>
      [...tables.values()]
        .filter(({ states }) => states.size > 0)
        .map(({ tallied, states }) => ({ tallied, rows: inOrder(tallied, [...states.values()].map(toRow)) })),
  };
}

function addEvent(plan: TallyPlan, states: Map<string, Folded>, event: Row): void {
  const { tallied, grouped } = plan;
  const row = tallyOf(plan, event);
  if (row === null) return;
  const key = `${row[tallied.projectAt]}\n${row[tallied.keyAt]}`;
  const known = states.get(key);
  const { groups } = known ?? { groups: new Map<number, GroupsByKey>() };
  if (known === undefined) states.set(key, { row, groups });
  else mergeTally(tallied, known.row, row);
  for (const group of grouped) {
    const ofColumn: GroupsByKey = groups.get(group.to) ?? new Map();
    groups.set(group.to, ofColumn);
    addToGroups(group, ofColumn, event);
  }
}

function toRow({ row, groups }: Folded): Row {
  for (const [at, ofColumn] of groups) row[at] = writeGroups(ofColumn);
  return row;
}

function inOrder({ name, projectAt, idAt, keyAt }: Tallied, rows: Row[]): Row[] {
  for (const row of rows) row[idAt] = derivedId(textAt(row, projectAt), name, textAt(row, keyAt));
  return rows.sort((one, other) => (textAt(one, idAt) < textAt(other, idAt) ? -1 : 1));
}
