import type { Attributes, AttributeValue } from '../protocol/telemetry.ts';

/**
 * The text of a value; numbers and booleans are converted. Undefined if there is none, and for
 * empty text.
 */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A non-negative number, or its text: many senders write all attributes as text. */
export function asNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && number >= 0 && Number.isFinite(number) ? number : undefined;
}

/** A non-negative integer. */
export function asInteger(value: AttributeValue | undefined): number | undefined {
  const number = asNumber(value);
  return number === undefined ? undefined : Math.round(number);
}

const FIRST_STATUS = 100;
const FIRST_FAILURE_STATUS = 400;
const LAST_STATUS = 599;

/** An HTTP status. Some senders put codes of other kinds there. */
export function asStatus(value: AttributeValue | undefined, least = FIRST_STATUS): number | undefined {
  const status = asInteger(value);
  return status !== undefined && status >= least && status <= LAST_STATUS ? status : undefined;
}

/** An HTTP status that means failure. */
export const asFailureStatus = (value: AttributeValue | undefined): number | undefined =>
  asStatus(value, FIRST_FAILURE_STATUS);

/** A boolean, or its text. */
export function asBoolean(value: AttributeValue | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

/** The text of the first of these attributes that has one. */
export function firstText(attributes: Attributes, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = asText(attributes.get(name));
    if (text !== undefined) return text;
  }
  return undefined;
}

export const numberOf = (attributes: Attributes, name: string): number | undefined =>
  asNumber(attributes.get(name));

export const integerOf = (attributes: Attributes, name: string): number | undefined =>
  asInteger(attributes.get(name));

/** Names of attributes by meaning, preferred names first. */
export type AttributeNames = Readonly<Record<string, readonly string[]>>;

/** The values of attributes by meaning. */
export type AttributeValues<Names extends AttributeNames> = {
  -readonly [Meaning in keyof Names]: AttributeValue | undefined;
};

/** Ranks after all real ranks. */
const NO_RANK = 255;

/**
 * Compiles names to a function that finds all values in one pass: an item has fewer attributes than
 * there are names. If several names have the same meaning, the first one present wins.
 */
export function compileNames<const Names extends AttributeNames>(
  names: Names,
): (attributes: Attributes) => AttributeValues<Names> {
  const meanings = new Map<
    string,
    { readonly meaning: string; readonly index: number; readonly rank: number }
  >();
  for (const [index, [meaning, ordered]] of Object.entries(names).entries()) {
    for (const [rank, name] of ordered.entries()) meanings.set(name, { meaning, index, rank });
  }
  const template = Object.fromEntries(Object.keys(names).map((meaning) => [meaning, undefined]));
  // The ranks of the running call: allocating them for each call would cost more than the rest.
  const ranks = new Uint8Array(Object.keys(names).length);
  return (attributes) => {
    const values: Record<string, AttributeValue | undefined> = { ...template };
    ranks.fill(NO_RANK);
    attributes.forEach((value, name) => {
      const found = meanings.get(name);
      if (found === undefined || value === null || value === '') return;
      const { meaning, index, rank } = found;
      if (rank > (ranks[index] ?? NO_RANK)) return;
      values[meaning] = value;
      ranks[index] = rank;
    });
    return values as AttributeValues<Names>;
  };
}
