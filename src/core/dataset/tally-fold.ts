import { derivedId } from '../ids.ts';
import { type Row, textAt } from './row.ts';
import { mergeTally, type Tallied } from './tallied.ts';
import { type TallyPlan, tallyOf } from './tally.ts';

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

export function createTallyFold(): TallyFold {
  const tables = new Map<string, { readonly tallied: Tallied; readonly rows: Map<string, Row> }>();
  return {
    add(plan, events) {
      const { tallied } = plan;
      const table = tables.get(tallied.table) ?? { tallied, rows: new Map<string, Row>() };
      tables.set(tallied.table, table);
      for (const event of events) {
        const row = tallyOf(plan, event);
        if (row === null) continue;
        const key = `${row[tallied.projectAt]}\n${row[tallied.keyAt]}`;
        const known = table.rows.get(key);
        if (known === undefined) table.rows.set(key, row);
        else mergeTally(tallied, known, row);
      }
    },
    finish: () =>
      [...tables.values()]
        .filter(({ rows }) => rows.size > 0)
        .map(({ tallied, rows }) => ({ tallied, rows: inOrder(tallied, [...rows.values()]) })),
  };
}

function inOrder({ name, projectAt, idAt, keyAt }: Tallied, rows: Row[]): Row[] {
  for (const row of rows) row[idAt] = derivedId(textAt(row, projectAt), name, textAt(row, keyAt));
  return rows.sort((one, other) => (textAt(one, idAt) < textAt(other, idAt) ? -1 : 1));
}
