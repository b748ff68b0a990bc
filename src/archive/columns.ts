import type { Column, ColumnKind } from '../core/dataset/column.ts';

/** The type of a column in a Parquet file, and in the pages that become one. */
interface ArchivedType {
  /** How a value of a page is read. */
  readonly read: 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN';
  /** SQL that makes of it what is archived. */
  readonly archived: (column: string) => string;
}

const asRead = (column: string): string => column;
const TEXT: ArchivedType = { read: 'VARCHAR', archived: asRead };
const WHOLE: ArchivedType = { read: 'BIGINT', archived: asRead };

/** Times are UTC. JSON and lists of texts are JSON text. Money is nano-USD, as the name of its column says. */
const TYPES: Readonly<Record<ColumnKind, ArchivedType>> = {
  uuid: TEXT,
  text: TEXT,
  enum: TEXT,
  duration: TEXT,
  json: TEXT,
  texts: TEXT,
  integer: WHOLE,
  money: WHOLE,
  float: { read: 'DOUBLE', archived: asRead },
  boolean: { read: 'BOOLEAN', archived: asRead },
  timestamp: { read: 'BIGINT', archived: (column) => `make_timestamp(${column} * 1000)` },
};

const quoted = ({ sqlName }: Column): string => `"${sqlName}"`;

/** The statement that makes the table of a page of rows. */
export const createPages = (columns: readonly Column[]): string =>
  `create or replace temp table page (${columns.map((column) => `${quoted(column)} ${TYPES[column.kind].read}`).join(', ')})`;

/** Adds rows to it, of one JSON array of values per column. */
export const insertPage = (columns: readonly Column[]): string => {
  const lists = columns.map(
    ({ kind }, index) =>
      `unnest(from_json_strict(cast($${index + 1} as varchar), '["${TYPES[kind].read}"]'))`,
  );
  return `insert into page select ${lists.join(', ')}`;
};

/** What is archived of it, in the order in which it was added: that of time. */
export const selectArchived = (columns: readonly Column[]): string =>
  `select ${columns.map((column) => `${TYPES[column.kind].archived(quoted(column))} as ${quoted(column)}`).join(', ')} from page`;

/** The values of a column of rows as a JSON array. */
export function toJsonColumn(values: readonly unknown[]): string {
  return JSON.stringify(
    values.map((value) =>
      typeof value === 'object' && value !== null ? JSON.stringify(value) : (value ?? null),
    ),
  );
}
