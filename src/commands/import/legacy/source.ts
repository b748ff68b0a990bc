import type { Dataset } from '../../../core/dataset/dataset.ts';
import type { EntityTable } from '../../../core/dataset/table.ts';
import type { ForeignFile, ForeignRow } from '../../../storage/dialect/sqlite/foreign-file.ts';
import type { AskedTarget } from '../target.ts';

/** One of the programs whose SQLite files we read. */
export interface LegacySource {
  /** The ids of its events derive from it: it never changes. */
  readonly name: string;
  readonly title: string;
  /** The tables and columns by which its files are recognised. */
  readonly signature: Readonly<Record<string, readonly string[]>>;
  /** In the order in which they are brought over. */
  readonly tables: readonly LegacyTable[];
  /** Tables that have no place here, and why. */
  readonly leftOut: Readonly<Record<string, string>>;
}

interface TableMapping {
  readonly table: string;
  /** By column of ours. Other columns come from the field of the same name, in any spelling. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Columns of the table that say nothing. */
  readonly ignored?: readonly string[];
}

/** A table whose rows are events. Fields that no column takes become `attributes`. */
export interface LegacyEvents extends TableMapping {
  readonly into: Dataset;
  /** Columns that, with the primary key, tell a row from those of another file of the source. */
  readonly identity: readonly string[];
  /** Reads the rows. Default: all of the table. */
  readonly sql?: (file: ForeignFile) => string;
}

/** A table whose rows are states, which mutations store one by one. */
export interface LegacyStates extends TableMapping {
  readonly into: EntityTable;
  /** Says why none of the rows can be brought over now; null if they can. */
  readonly prevents?: (target: AskedTarget) => Promise<string | null>;
  /**
   * Stores one row. `id` is the same each time for the same row.
   *
   * @throws Refusal if the server refuses it
   */
  readonly store: (target: AskedTarget, state: LegacyState) => Promise<'accepted' | 'duplicates'>;
}

export interface LegacyState {
  readonly id: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly row: ForeignRow;
  /** The time as ISO 8601, by the time zone of the import. */
  readonly toTime: (value: unknown) => string;
}

export type LegacyTable = LegacyEvents | LegacyStates;

/** Where a column of ours comes from. */
export interface Field {
  /** Names of a column of the table, of which the first that exists counts. */
  readonly from: readonly string[];
  /** Undefined: the column cannot have the value, which becomes an attribute. */
  readonly read?: (value: unknown) => unknown;
}

export const from = (...names: readonly string[]): Field => ({ from: names });

/** A field whose values are read by a function. */
export const readFrom = (name: string, read: (value: unknown) => unknown): Field => ({ from: [name], read });

export const isEvents = (table: LegacyTable): table is LegacyEvents => table.into.kind === 'event';
