import { InvalidArgument } from '../errors.ts';
import { isObject } from '../is-object.ts';
import type { Column, ColumnValue } from './column.ts';
import { columnOf, type EntityTable } from './table.ts';

/**
 * An attribute: a value within the JSON object that an event has in the column `attributes`. It has a
 * path, such as `cart.items`, and a name among the columns of its table: `attributes.cart.items`.
 */

/** The column that holds the attributes of an event. */
export const ATTRIBUTES = 'attributes';
const PREFIX = `${ATTRIBUTES}.`;
const LONGEST_PATH = 500;
const MOST_KEYS = 10;

export const isAttribute = (name: string): boolean => name.startsWith(PREFIX);

/** The column that holds what has this name: an attribute, or the column itself. */
export const holderOf = (name: string): string => (isAttribute(name) ? ATTRIBUTES : name);

/** Whether rows of the table have attributes. */
export const hasAttributes = ({ kind, at }: Pick<EntityTable, 'kind' | 'at'>): boolean =>
  kind === 'event' && ATTRIBUTES in at;

/**
 * The name of the attribute at a path. Dots separate the keys. A key that contains a dot, or begins
 * with a quote, is written as a JSON string: `"a.b".c` leads to `c` below the key `a.b`. Paths to the
 * same attribute have the same name.
 *
 * @param argument the name of the argument that holds the path
 * @throws InvalidArgument if it is no path.
 */
export function attributeName(path: string, argument: string): string {
  if (path.length > LONGEST_PATH)
    throw new InvalidArgument(`${argument} has at most ${LONGEST_PATH} characters.`, argument);
  if (/\0|\p{Surrogate}/u.test(path))
    throw new InvalidArgument(`${argument} takes well-formed Unicode without U+0000.`, argument);
  const keys = keysOf(path);
  if (keys === null || keys.length > MOST_KEYS) {
    const example = 'region, cart.items, or "a.b".c if a key contains a dot';
    throw new InvalidArgument(
      `${argument} takes 1 to ${MOST_KEYS} keys with dots between: ${example}.`,
      argument,
    );
  }
  return PREFIX + keys.map(written).join('.');
}

/** A key at the beginning of a path: a JSON string, or what comes before the next dot. */
const KEY = /^("(?:[^"\\]|\\.)*"|[^".][^.]*)(?:\.(?=.)|$)/su;

/** Null if the text is no path. */
function keysOf(path: string): string[] | null {
  const keys: string[] = [];
  for (let rest = path; rest !== '' || keys.length === 0; ) {
    const [found, key] = KEY.exec(rest) ?? [];
    if (found === undefined || key === undefined) return null;
    const read = key.startsWith('"') ? unquoted(key) : key;
    if (read === null) return null;
    keys.push(read);
    rest = rest.slice(found.length);
  }
  return keys;
}

function unquoted(text: string): string | null {
  try {
    const key: unknown = JSON.parse(text);
    return typeof key === 'string' && !/\0|\p{Surrogate}/u.test(key) ? key : null;
  } catch {
    // No JSON: the path is refused.
    return null;
  }
}

const written = (key: string): string => (/^"|\.|^$/.test(key) ? JSON.stringify(key) : key);

/** The keys that lead to the attribute of that name. */
function keysOfName(name: string): readonly string[] {
  const keys = keysOf(name.slice(PREFIX.length));
  if (keys === null) throw new Error(`${name} names no attribute`);
  return keys;
}

/**
 * The column of that name, or the column of attributes with the path of the attribute of that name.
 *
 * @throws Error if there is no such column: a mistake in our code, not in a request.
 */
export function fieldOf(table: Pick<EntityTable, 'name' | 'columns' | 'at'>, name: string): Column {
  const column = columnOf(table, holderOf(name));
  return isAttribute(name) ? { ...column, name, path: keysOfName(name) } : column;
}

/** The value that a row has of a column or an attribute. Lists and objects are no values: null. */
export function valueIn(
  { at }: Pick<EntityTable, 'at'>,
  row: readonly ColumnValue[],
  name: string,
): ColumnValue {
  const held = row[at[holderOf(name)] ?? -1] ?? null;
  if (!isAttribute(name) || held === null) return held;
  let value: unknown = JSON.parse(String(held));
  for (const key of keysOfName(name)) {
    value = isObject(value) && Object.hasOwn(value, key) ? value[key] : null;
  }
  return typeof value === 'object' || value === undefined ? null : (value as ColumnValue);
}
