import { DuckDBUUIDValue, type DuckDBValue } from '@duckdb/node-api';

/**
 * A value of a DuckDB result in the form that rows have: a text, a number, a boolean or null. Sums
 * of 64-bit integers come as `bigint`; they are exact as far as a double can represent them.
 */
export function toPlain(value: DuckDBValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  return value instanceof DuckDBUUIDValue ? value.toString() : value;
}
