/**
 * Readers of columns whose content the types of a database do not describe: JSON, lists of texts,
 * and names of a closed set. The server checks such values before it stores them. So these readers
 * throw only if the database is damaged, or if a newer version of the server has written to it.
 */
import { isObject } from '../core/is-object.ts';
import { damagedValue, StorageUnavailable } from './errors.ts';

/**
 * A list of texts.
 *
 * @throws StorageUnavailable if it is something else.
 */
export function textsIn(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw damagedValue('a list of texts', value);
}

/**
 * The members of a JSON object; null has none.
 *
 * @throws StorageUnavailable if it is something else.
 */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  if (value === null) return {};
  if (isObject(value)) return value;
  throw damagedValue('a JSON object', value);
}

/**
 * One of the names of a set.
 *
 * @throws StorageUnavailable if it is none of them.
 */
export function nameIn<Name extends string>(names: Readonly<Record<Name, unknown>>, value: string): Name {
  if (isNameIn(names, value)) return value;
  throw new StorageUnavailable(
    `A column of the database holds ${value}, which is not one of ${Object.keys(names).join(', ')}.`,
    { trouble: 'UNKNOWN_VALUE' },
  );
}

/** Whether the text is one of the names of a set. */
export const isNameIn = <Name extends string>(
  names: Readonly<Record<Name, unknown>>,
  value: string,
): value is Name => Object.hasOwn(names, value);
