import { InvalidArgument } from '../errors.ts';
import type { EntityTable } from './table.ts';

/**
 * An attribute: a value within the JSON object that an event has in the column `attributes`. It has
 * a path, such as `cart.items`, and a name among the columns of its table: `attributes.cart.items`.
 */

/** The column that holds the attributes of an event. */
export const ATTRIBUTES = 'attributes';
const PREFIX = `${ATTRIBUTES}.`;
const LONGEST_PATH = 500;
const MAX_KEYS = 10;

export const isAttribute = (name: string): boolean => name.startsWith(PREFIX);

/** Whether rows of the table have attributes. */
export const hasAttributes = ({ kind, at }: Pick<EntityTable, 'kind' | 'at'>): boolean =>
  kind === 'event' && ATTRIBUTES in at;

/**
 * The name of the attribute at a path. Dots separate the keys. A key that contains a dot, or begins
 * with a quote, is written as a JSON string: `"a.b".c` leads to `c` below the key `a.b`. Paths to
 * the same attribute have the same name.
 *
 * @param argument the name of the argument that holds the path
 * @throws InvalidArgument if it is not a path.
 */
export function attributeName(path: string, argument: string): string {
  if (path.length > LONGEST_PATH)
    throw new InvalidArgument(`${argument} has at most ${LONGEST_PATH} characters.`, argument);
  checkStorable(path, argument);
  const keys = keysOf(path);
  if (keys === null || keys.length > MAX_KEYS) {
    const example = 'region, cart.items, or "a.b".c if a key contains a dot';
    throw new InvalidArgument(
      `${argument} takes 1 to ${MAX_KEYS} keys separated by dots: ${example}.`,
      argument,
    );
  }
  return PREFIX + keys.map(written).join('.');
}

/** @throws InvalidArgument for text that no row can hold. */
export function checkStorable(text: string, argument: string): void {
  if (/\0|\p{Surrogate}/u.test(text))
    throw new InvalidArgument(`${argument} takes well-formed Unicode without U+0000.`, argument);
}

/** A key at the beginning of a path: a JSON string, or what comes before the next dot. */
const KEY = /^("(?:[^"\\]|\\.)*"|[^".][^.]*)(?:\.(?=.)|$)/su;

/** Null if the text is not a path. */
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
    // Not JSON: the path is rejected.
    return null;
  }
}

const written = (key: string): string => (/^"|\.|^$/.test(key) ? JSON.stringify(key) : key);

/** The path in a name such as `attributes.cart.items`, without a check. */
export const pathIn = (name: string): string => name.slice(PREFIX.length);

/** The keys that lead to the attribute with that name. */
export function keysOfName(name: string): readonly string[] {
  const keys = keysOf(pathIn(name));
  if (keys === null) throw new Error(`${name} names no attribute`);
  return keys;
}
