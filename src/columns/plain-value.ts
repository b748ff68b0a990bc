import { DuckDBUUIDValue, type DuckDBValue } from '@duckdb/node-api';

/**
 * A value of an answer of DuckDB as rows have it: a text, a number, a boolean or null. Sums of
 * 64-bit integers come as `bigint`; as far as a double can represent them, they are exact.
 */
export function toPlain(value: DuckDBValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  return value instanceof DuckDBUUIDValue ? value.toString() : value;
}
