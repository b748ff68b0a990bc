import { isObject } from '../is-object.ts';
import { ATTRIBUTES, isAttribute, keysOfName } from './attribute.ts';
import type { Column, ColumnValue } from './column.ts';
import { columnOf, type EntityTable } from './table.ts';
import { isTag, TAGS, tagKey } from './tag.ts';

/**
 * Whether a name stands for a value within a column: an attribute or a tag, which nobody declared.
 */
export const isWithinColumn = (name: string): boolean => isAttribute(name) || isTag(name);

/**
 * The column that holds the field with this name: that of an attribute or a tag, or the column
 * itself.
 */
export function holderOf(name: string): string {
  if (isAttribute(name)) return ATTRIBUTES;
  return isTag(name) ? TAGS : name;
}

const pathOf = (name: string): readonly string[] => (isTag(name) ? [tagKey(name)] : keysOfName(name));

/**
 * The column with that name. For an attribute or a tag, the column that holds it, with the path to
 * it. An attribute is of the kind JSON, because its values have several types; a tag is text.
 *
 * @throws Error if there is no such column: a mistake in our code, not in a request.
 */
export function fieldOf(table: Pick<EntityTable, 'name' | 'columns' | 'at'>, name: string): Column {
  const column = columnOf(table, holderOf(name));
  if (!isWithinColumn(name)) return column;
  const path = pathOf(name);
  return isTag(name) ? { ...column, kind: 'text', name, path } : { ...column, name, path };
}

/**
 * The value of a column, an attribute or a tag in a row. Lists and objects do not count as values:
 * null.
 */
export function valueIn(
  { at }: Pick<EntityTable, 'at'>,
  row: readonly ColumnValue[],
  name: string,
): ColumnValue {
  const held = row[at[holderOf(name)] ?? -1] ?? null;
  if (!isWithinColumn(name) || held === null) return held;
  let value: unknown = JSON.parse(String(held));
  for (const key of pathOf(name)) {
    value = isObject(value) && Object.hasOwn(value, key) ? value[key] : null;
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
