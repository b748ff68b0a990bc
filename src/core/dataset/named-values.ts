import type { ColumnValue } from './column.ts';

/** Values of columns by name, such as the dimensions of a group. */
type NamedValues = Readonly<Record<string, ColumnValue>>;

/**
 * The text of a column that always has one.
 *
 * @throws TypeError if there is none, which is a bug.
 */
export function textOf(values: NamedValues, name: string): string {
  const text = optionalTextOf(values, name);
  if (text === null) throw new TypeError(`${name} is absent.`);
  return text;
}

/**
 * The text of a column; null if it is absent.
 *
 * @throws TypeError if it is not text.
 */
export function optionalTextOf(values: NamedValues, name: string): string | null {
  const value = values[name] ?? null;
  if (value === null || typeof value === 'string') return value;
  throw new TypeError(`${name} is not text.`);
}
