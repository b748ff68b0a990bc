/*
 * Objects with exactly the names of their type: tables that are declared in the code. TypeScript
 * gives `string` as the type of any object's names, because an object may have more properties than
 * its type says.
 */

/** The names, in their order. */
export const namesOf = <Name extends string>(values: Readonly<Record<Name, unknown>>): Name[] =>
  Object.keys(values) as Name[];

/** The names with their values, in their order. */
export const entriesOf = <Name extends string, Value>(values: Readonly<Record<Name, Value>>) =>
  Object.entries<Value>(values) as [Name, Value][];

/** An object with a value for each of the names. */
export const byName = <Name extends string, Value>(
  names: readonly Name[],
  valueFor: (name: Name) => Value,
): Record<Name, Value> =>
  Object.fromEntries(names.map((name) => [name, valueFor(name)])) as Record<Name, Value>;
