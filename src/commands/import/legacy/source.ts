import type { Dataset } from '../../../core/dataset/dataset.ts';
import type { EntityTable } from '../../../core/dataset/table.ts';
import type { ForeignFile, ForeignRow } from '../../../storage/dialect/sqlite/foreign-file.ts';
import type { AskedTarget } from '../target.ts';

/** One of the programs whose SQLite files we read. */
export interface LegacySource {
  /** Must never change, because the ids of its events derive from it. */
  readonly name: string;
  readonly title: string;
  /** The tables and columns that identify its files. */
  readonly signature: Readonly<Record<string, readonly string[]>>;
  /** In the order in which they are imported. */
  readonly tables: readonly LegacyTable[];
  /** Tables that have no counterpart here, and why. */
  readonly leftOut: Readonly<Record<string, string>>;
}

interface TableMapping {
  readonly table: string;
  /** By our column. Other columns come from the field of the same name, in any spelling. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Columns of the table that carry no information. */
  readonly ignored?: readonly string[];
}

/** A table whose rows are events. Fields that no column uses become `attributes`. */
export interface LegacyEvents extends TableMapping {
  readonly into: Dataset;
  /**
   * Columns that, together with the primary key, distinguish a row from those in other files of the
   * source.
   */
  readonly identity: readonly string[];
  /** Reads the rows. Default: all rows of the table. */
  readonly sql?: (file: ForeignFile) => string;
}

/** A table whose rows are states, which mutations store one by one. */
export interface LegacyStates extends TableMapping {
  readonly into: EntityTable;
  /** Says why none of the rows can be imported now; null if they can. */
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

/** Where one of our columns comes from. */
export interface Field {
  /** Names of a column of the table. The first one that exists is used. */
  readonly from: readonly string[];
  /** Undefined: the column cannot hold the value, which then becomes an attribute. */
  readonly read?: (value: unknown) => unknown;
}

export const from = (...names: readonly string[]): Field => ({ from: names });

/** A field whose values are read by a function. */
export const readFrom = (name: string, read: (value: unknown) => unknown): Field => ({ from: [name], read });

export const isEvents = (table: LegacyTable): table is LegacyEvents => table.into.kind === 'event';
