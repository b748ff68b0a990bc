import type { ColumnValue } from './column.ts';

/** One event or record, its values in the order of `EntityTable.columns`. */
export type Row = ColumnValue[];

/** What of an event contradicts the rest of it. */
export interface Contradiction {
  /** The field to change or to leave out. */
  readonly field: string;
  readonly message: string;
}

/** Looks at a completed event as a whole; null: its fields agree. */
export type FindContradiction = (row: Row, at: Readonly<Record<string, number>>) => Contradiction | null;

/**
 * Fills in what the server computes of an event or a state, in place. `at` gives each column's position in the row. What it may
 * ask for is known to the declarations and to who composes the server: to the general code it is `never`, which takes all.
 */
export type Complete<Services = never> = (
  row: Row,
  at: Readonly<Record<string, number>>,
  services: Services,
) => void;
