import type { Column, ColumnValue } from './column.ts';

/** One event or state, its values in the order of `EntityTable.columns`. */
export type Row = ColumnValue[];

/** What of an event contradicts the rest of it. */
export interface Contradiction<Name extends string = string> {
  /** The field to change or to leave out. */
  readonly field: Name;
  readonly message: string;
}

/** Looks at a completed event as a whole; null: its fields agree. */
export type FindContradiction = (row: Row) => Contradiction | null;

/**
 * Fills in what the server computes of an event or a state, in place. What it may ask for is known
 * to the declarations and to who composes the server: to the general code it is `never`, which
 * takes all.
 */
export type Complete = (row: Row, services: never) => void;

/**
 * A row as its declaration sees it: which columns there are, the compiler has checked where it was
 * declared.
 */
type View = (row: Row) => never;

/**
 * Shows the rows of a table by the names of their columns, as declarations see them. There is one
 * view, made once, which each call points at another row: reading a column costs as much as reading
 * the row, and nobody may keep the view.
 */
export function compileView(columns: readonly Column[]): View {
  let shown: Row = [];
  const view = {};
  for (const { name, index } of columns) {
    Object.defineProperty(view, name, {
      enumerable: true,
      get: () => shown[index],
      set: (value: ColumnValue) => {
        shown[index] = value;
      },
    });
  }
  return (row) => {
    shown = row;
    return view as never;
  };
}
