import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column, ColumnKind } from '../core/dataset/column.ts';
import type { Row } from '../core/dataset/row.ts';
import { sqlText } from '../storage/parquet-engine.ts';

/** The type of a column in a Parquet file, and in the pages that become one. */
interface ArchivedType {
  /** How a value of a page is read. */
  readonly read: 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN';
  /** SQL that turns the value into its archived form. */
  readonly archived: (column: string) => string;
  /** SQL that turns the archived form back into the value that was read. */
  readonly restored: (column: string) => string;
}

const asRead = (column: string): string => column;
const TEXT: ArchivedType = { read: 'VARCHAR', archived: asRead, restored: asRead };
const WHOLE: ArchivedType = { read: 'BIGINT', archived: asRead, restored: asRead };

/**
 * Times are UTC. JSON and lists of texts are JSON text. Money is nano-USD, as the name of its
 * column says.
 */
const TYPES: Readonly<Record<ColumnKind, ArchivedType>> = {
  uuid: TEXT,
  text: TEXT,
  enum: TEXT,
  duration: TEXT,
  json: TEXT,
  texts: TEXT,
  integer: WHOLE,
  money: WHOLE,
  float: { read: 'DOUBLE', archived: asRead, restored: asRead },
  boolean: { read: 'BOOLEAN', archived: asRead, restored: asRead },
  timestamp: {
    read: 'BIGINT',
    archived: (column) => `make_timestamp(${column} * 1000)`,
    restored: (column) => `epoch_ms(${column})`,
  },
};

const quoted = ({ sqlName }: Column): string => `"${sqlName}"`;

/** Makes the table `page`, and returns a function that adds rows to it. */
export async function createPage(
  connection: DuckDBConnection,
  columns: readonly Column[],
): Promise<(rows: readonly Row[]) => Promise<void>> {
  const typed = columns.map((column) => `${quoted(column)} ${TYPES[column.kind].read}`);
  await connection.run(`create or replace table page (${typed.join(', ')})`);
  const lists = columns.map(
    ({ kind }, index) =>
      `unnest(from_json_strict(cast($${index + 1} as varchar), '["${TYPES[kind].read}"]'))`,
  );
  const insert = await connection.prepare(`insert into page select ${lists.join(', ')}`);
  return async (rows) => {
    if (rows.length === 0) return;
    insert.bind(columns.map(({ index }) => toJsonColumn(rows.map((row) => row[index]))));
    await insert.run();
  };
}

/**
 * Selects the archived form of the page, in the order in which rows were added, which is that of
 * time.
 */
export const selectArchived = (columns: readonly Column[]): string =>
  `select ${columns.map((column) => `${TYPES[column.kind].archived(quoted(column))} as ${quoted(column)}`).join(', ')} from page`;

/**
 * Selects archived rows in the form that they had in the page. `files` lists paths of files, as
 * SQL.
 */
export const selectRestored = (columns: readonly Column[], files: string): string =>
  `select ${columns.map((column) => `${TYPES[column.kind].restored(quoted(column))} as ${quoted(column)}`).join(', ')} from ${files}`;

/** Files to select from. A column that only some of them have is null in the others. */
export const filesSql = (files: readonly string[]): string =>
  `read_parquet([${files.map(sqlText).join(', ')}], union_by_name = true)`;

/** The values of a column of rows as a JSON array. */
function toJsonColumn(values: readonly unknown[]): string {
  return JSON.stringify(
    values.map((value) =>
      typeof value === 'object' && value !== null ? JSON.stringify(value) : (value ?? null),
    ),
  );
}
