import type { Column, ColumnValue } from '../core/dataset/column.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { Row } from '../core/dataset/row.ts';

/**
 * Converts a row returned by a query, keyed by SQL names, to a row of the dataset. JSON has the
 * form in which the database returns it.
 */
export function toRow(dataset: Pick<Dataset, 'columns'>, stored: Readonly<Record<string, unknown>>): Row {
  return dataset.columns.map((column) => toValue(column, (stored[column.sqlName] ?? null) as ColumnValue));
}

/** SQLite keeps booleans as 0 and 1. */
function toValue(column: Column, value: ColumnValue): ColumnValue {
  return column.kind === 'boolean' && value !== null ? Boolean(value) : value;
}
