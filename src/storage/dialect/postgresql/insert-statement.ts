import { type Column, type ColumnKind, isWide } from '../../../core/dataset/column.ts';
import type { DatasetData } from '../append-request.ts';
import { zipJson } from './zip-json.ts';

/** SQL that converts the text of a value to its type. */
const CASTS: Readonly<Record<ColumnKind, (text: string) => string>> = {
  uuid: (text) => `${text}::uuid`,
  text: (text) => text,
  enum: (text) => text,
  integer: (text) => `${text}::int4`,
  float: (text) => `${text}::float8`,
  money: (text) => `${text}::int8`,
  boolean: (text) => `${text}::bool`,
  timestamp: (text) => `to_timestamp(${text}::float8 / 1000)`,
  duration: (text) => text,
  json: (text) => `${text}::jsonb`,
  texts: (text) => `${text}::jsonb`,
};

/** SQL that converts the text of a value to the type of the column. */
export const castOf = (column: Column, text: string): string =>
  isWide(column) ? `${text}::int8` : CASTS[column.kind](text);

/**
 * The statement that inserts rows and returns the keys of those that were new. One parameter per
 * column: a JSON array of the values of all rows; for events, their number follows. The statement
 * is the same for any number of rows, and JSON arrays are written and read several times faster
 * than arrays of PostgreSQL.
 */
export function insertStatement({
  table,
  kind,
  columns,
}: Pick<DatasetData, 'table' | 'kind' | 'columns'>): string {
  const names = columns.map((column) => `"${column.sqlName}"`);
  const values = columns.map((column) => castOf(column, `given.c${column.index}`));
  if (kind === 'event') {
    names.push('arrival');
    values.push(`$${columns.length + 1}::int8`);
  }
  return `insert into "${table}" (${names.join(', ')}) select ${values.join(', ')} from ${zipJson(columns.length)}
    on conflict do nothing returning project_id, id`;
}
