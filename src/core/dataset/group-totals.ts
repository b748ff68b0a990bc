import type { ColumnValue } from './column.ts';

/** Totals of events that have some values in common; null: no event had a number to add. */
export interface GroupTotals {
  readonly key: readonly ColumnValue[];
  readonly totals: readonly (number | null)[];
}

/** By the JSON of the key. */
export type GroupsByKey = Map<string, GroupTotals>;

/** A state without groups, as it is stored. */
export const NO_GROUPS = '[]';

/** A state keeps at most this many groups: the first ones in the order of their keys. */
export const MAX_GROUPS = 200;
/**
 * The maximum number of characters of the keys of a state. Each transaction reads and writes the
 * states that its events belong to, so long names would make it slow for everybody.
 */
export const MAX_KEY_CHARACTERS = 8_192;

/** Adds to the totals of a group, in place. */
export function addToGroup(groups: GroupsByKey, { key, totals }: GroupTotals): void {
  const name = JSON.stringify(key);
  const known = groups.get(name);
  const sums = known === undefined ? totals : known.totals.map((sum, at) => add(sum, totals[at] ?? null));
  groups.set(name, { key: known?.key ?? key, totals: sums });
}

function add(sum: number | null, added: number | null): number | null {
  if (sum === null || added === null) return sum ?? added;
  return Math.min(sum + added, Number.MAX_SAFE_INTEGER);
}

/** As states store them: JSON, a list of `[key, totals]`. */
export function writeGroups(groups: GroupsByKey): string {
  return `[${keptNames(groups)
    .map((name) => `[${name},${JSON.stringify(groups.get(name)?.totals)}]`)
    .join(',')}]`;
}

/**
 * The events of the names that are left out are missing in the totals, by which readers notice that
 * some are.
 */
function keptNames(groups: GroupsByKey): string[] {
  let characters = 0;
  return [...groups.keys()]
    .sort()
    .slice(0, MAX_GROUPS)
    .filter((name) => {
      characters += name.length;
      return characters <= MAX_KEY_CHARACTERS;
    });
}

/**
 * Reads what `writeGroups` wrote, as it was parsed. Anything else, as an edited archive may bring,
 * is omitted: the totals no longer add up then, and readers notice it.
 */
export const readGroups = (stored: unknown): GroupTotals[] =>
  Array.isArray(stored) ? stored.filter(isGroup).map(([key, totals]) => ({ key, totals })) : [];

const isGroup = (stored: unknown): stored is [GroupTotals['key'], GroupTotals['totals']] =>
  Array.isArray(stored) &&
  Array.isArray(stored[0]) &&
  Array.isArray(stored[1]) &&
  stored[1].every((total: unknown) => total === null || typeof total === 'number');

/** Adds up the groups of two states, as they are stored. */
export function mergeGroups(one: string, other: string): string {
  if (other === NO_GROUPS) return one;
  if (one === NO_GROUPS) return other;
  const groups: GroupsByKey = new Map();
  for (const text of [one, other])
    for (const group of readGroups(JSON.parse(text))) addToGroup(groups, group);
  return writeGroups(groups);
}
