import { firstCharacters } from '../core/cut-text.ts';

const MAX_VALUE_LENGTH = 300;
/**
 * Limit for all fields together, as JSON: they are stored with each event, in a column of 8,192
 * characters.
 */
const MAX_FIELDS_LENGTH = 6_000;
const MAX_NAME_LENGTH = 60;
/** Names that every database can store. */
const USABLE_NAME = /^[\p{L}\p{N} _.-]+$/u;

/**
 * The fields that can be stored with an event, sorted by name. Long values are cut (of a list or an
 * object, the beginning of its JSON is kept); fields beyond the total limit are left out. The same
 * fields always give the same result, so they can be compared with what was stored; a change within
 * a cut part is not detected.
 */
export function cutFields(
  fields: readonly (readonly [string, unknown])[],
): Readonly<Record<string, unknown>> {
  const kept: [string, unknown][] = [];
  let length = 0;
  for (const [name, value] of fields.toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    if (!USABLE_NAME.test(name) || name.length > MAX_NAME_LENGTH) continue;
    const cut = cutValue(value);
    length += name.length + JSON.stringify(cut).length + 4;
    if (length > MAX_FIELDS_LENGTH) break;
    kept.push([name, cut]);
  }
  return Object.fromEntries(kept);
}

function cutValue(value: unknown): unknown {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= MAX_VALUE_LENGTH ? value : `${firstCharacters(text, MAX_VALUE_LENGTH)}…`;
}
