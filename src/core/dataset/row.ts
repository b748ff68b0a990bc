import type { Column, ColumnValue } from './column.ts';

/** One event or state: its values in the order of `EntityTable.columns`. */
export type Row = ColumnValue[];

/**
 * The text in a column that has one in every row, such as an id.
 *
 * @throws TypeError if the row has anything else there, which is a bug.
 */
export function textAt(row: Row, index: number): string {
  const value = row[index];
  if (typeof value !== 'string') throw new TypeError(`A row has no text at ${index}.`);
  return value;
}

/**
 * The number in a column that has one in every row, such as a time.
 *
 * @throws TypeError if the row has anything else there, which is a bug.
 */
export function numberAt(row: Row, index: number): number {
  const value = row[index];
  if (typeof value !== 'number') throw new TypeError(`A row has no number at ${index}.`);
  return value;
}

/** A field of an event that contradicts the rest of it. */
export interface Contradiction<Name extends string = string> {
  /** The field to change or to leave out. */
  readonly field: Name;
  readonly message: string;
}

/** Checks whether the fields of a completed event agree; null if they do. */
export type FindContradiction = (row: Row) => Contradiction | null;

/**
 * Fills in, in place, the values of an event or a state that the server computes. Only the
 * declarations and the composition root know the type of `services`. The general code uses `never`,
 * so that functions for services of any type are assignable.
 */
export type Complete = (row: Row, services: never) => void;

/**
 * A row as its declaration sees it. The compiler has checked the column names in the declaration.
 */
type View = (row: Row) => never;

/**
 * Makes a function that shows a row as an object with the names of the columns. All calls return
 * the same view, pointed at another row, so reading a column costs no more than reading the row.
 * Callers must not keep the view.
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
