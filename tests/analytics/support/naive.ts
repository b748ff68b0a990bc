import type { Scope } from '../../../src/analytics/spec.ts';
import { isAttribute } from '../../../src/core/dataset/attribute.ts';
import type { ColumnValue } from '../../../src/core/dataset/column.ts';
import type { Dataset } from '../../../src/core/dataset/dataset.ts';
import type { Row } from '../../../src/core/dataset/row.ts';
import { matches } from '../../../src/core/filter.ts';
import { jsonAt } from './attributes.ts';
import { tagAt } from './tags.ts';

/**
 * A second, simple way to compute the answers: rows in memory, one pass per number. It shares only
 * `matches` with the read path.
 */
export interface NaiveStats {
  readonly rowCount: number;
  readonly successCount: number | null;
  readonly values: (measure: string) => number[];
  /** The number of different values of a column. */
  readonly distinct: (column: string) => number;
  /** The number of rows with an attribute that is not a number. */
  readonly others: (attribute: string) => number;
}

function read(dataset: Dataset, row: Row, name: string): ColumnValue {
  const tag = tagAt(row[dataset.at.tags] ?? null, name);
  if (tag !== undefined) return tag;
  if (!isAttribute(name)) return row[dataset.at[name] as number] ?? null;
  const value = jsonOf(dataset, row, name);
  return typeof value === 'object' ? null : ((value ?? null) as ColumnValue);
}

const jsonOf = (dataset: Dataset, row: Row, name: string): unknown =>
  jsonAt(row[dataset.at.attributes] ?? null, name);

/** The rows in the scope. */
export function rowsInScope({ dataset, range, filter }: Scope, rows: readonly Row[]): Row[] {
  return rows.filter((row) => {
    const timestamp = read(dataset, row, 'timestamp') as number;
    if (timestamp < range.from || timestamp >= range.to) return false;
    return filter === null || matches(filter, (field) => read(dataset, row, field));
  });
}

export function statsOf(dataset: Dataset, rows: readonly Row[]): NaiveStats {
  return {
    rowCount: rows.length,
    successCount: dataset.hasSuccess
      ? rows.filter((row) => read(dataset, row, 'success') === true).length
      : null,
    values: (measure) =>
      rows
        .map((row) => read(dataset, row, measure) as number | null)
        .filter((value) => value !== null && (!isAttribute(measure) || typeof value === 'number'))
        .sort((one, other) => one - other),
    others: (attribute) =>
      rows
        .map((row) => jsonOf(dataset, row, attribute))
        .filter((value) => value !== undefined && value !== null && typeof value !== 'number').length,
    distinct: (column) =>
      new Set(rows.map((row) => read(dataset, row, column)).filter((value) => value !== null)).size,
  };
}

/** Rows by the JSON of their dimension values. */
export function groupsOf(
  dataset: Dataset,
  dimensions: readonly string[],
  rows: readonly Row[],
): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(dimensions.map((name) => read(dataset, row, name)));
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}

/** Rows with a timestamp in [from, to). */
export function rowsBetween(dataset: Dataset, rows: readonly Row[], from: number, to: number): Row[] {
  return rows.filter((row) => {
    const timestamp = read(dataset, row, 'timestamp') as number;
    return timestamp >= from && timestamp < to;
  });
}

/** The definition of SQL's percentile_cont over ascending values. */
export function percentile(values: readonly number[], p: number): number | null {
  if (values.length === 0) return null;
  const rank = p * (values.length - 1);
  const below = values[Math.floor(rank)] as number;
  const above = values[Math.ceil(rank)] as number;
  return below + (rank - Math.floor(rank)) * (above - below);
}
