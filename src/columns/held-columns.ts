import { ATTRIBUTES } from '../core/dataset/attribute.ts';
import type { Column, ColumnKind } from '../core/dataset/column.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import { TAGS } from '../core/dataset/tag.ts';

/**
 * The type of a column in the copy. Integers of the rows may be sums, so all of them have 64 bits.
 */
export type HeldType = 'UUID' | 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN';

/** A column of a dataset that the copy holds, under the name that it has in the table of rows. */
export interface HeldColumn {
  readonly column: Column;
  readonly type: HeldType;
}

/**
 * The number of a row in the order in which rows of its dataset were stored: the name of its column
 * in the copy.
 */
export const ARRIVAL = 'arrival';

/**
 * Messages are filtered by their text. Longer text, such as a stack trace, is read and searched.
 */
const LONGEST_TEXT = 4_000;

/** Lists and most JSON stay in the rows. */
const TYPES: Readonly<Record<ColumnKind, HeldType | null>> = {
  uuid: 'UUID',
  text: 'VARCHAR',
  enum: 'VARCHAR',
  duration: 'VARCHAR',
  integer: 'BIGINT',
  float: 'DOUBLE',
  money: 'BIGINT',
  boolean: 'BOOLEAN',
  timestamp: 'BIGINT',
  json: null,
  texts: null,
};

/**
 * The columns of a dataset that the copy holds: those by which questions group, filter, sort and
 * add up. Of JSON columns, it holds the attributes and the tags, as text.
 */
export function heldColumns({ columns }: Pick<Dataset, 'columns'>): readonly HeldColumn[] {
  return columns.flatMap((column) => {
    if (column.name === ATTRIBUTES || column.name === TAGS) return [{ column, type: 'VARCHAR' }];
    const type = TYPES[column.kind];
    return type === null || (column.maxLength ?? 0) > LONGEST_TEXT ? [] : [{ column, type }];
  });
}

/** The statement that makes the table of a dataset in the copy. */
export function createTable(dataset: Pick<Dataset, 'table' | 'columns'>): string {
  const columns = heldColumns(dataset).map(({ column, type }) => `"${column.sqlName}" ${type}`);
  return `create table "${dataset.table}" (${ARRIVAL} BIGINT not null, ${columns.join(', ')})`;
}

/**
 * The values of a JSON array that is a parameter. Strict: a value of another type is an error, not
 * null.
 */
export function valuesOf(type: HeldType, parameter: string): string {
  const read = (json: string) => `from_json_strict(cast(${parameter} as varchar), '["${json}"]')`;
  return type === 'BOOLEAN' ? `list_transform(${read('TINYINT')}, lambda flag: flag = 1)` : read(type);
}
