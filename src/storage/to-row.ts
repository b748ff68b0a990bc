import type { Column, ColumnValue } from '../core/dataset/column.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { Row } from '../core/dataset/row.ts';

/**
 * A row as queries give it, by the names of SQL, as a row of the dataset. JSON is as the database
 * gives it.
 */
export function toRow(dataset: Pick<Dataset, 'columns'>, stored: Readonly<Record<string, unknown>>): Row {
  return dataset.columns.map((column) => toValue(column, (stored[column.sqlName] ?? null) as ColumnValue));
}

/** SQLite keeps booleans as 0 and 1. */
function toValue(column: Column, value: ColumnValue): ColumnValue {
  return column.kind === 'boolean' && value !== null ? Boolean(value) : value;
}
