/**
 * Beyond it the whole numbers of a double have gaps, so that a reader of JSON takes another number
 * than was written.
 */
const LARGEST = Number.MAX_SAFE_INTEGER;
/**
 * From here on JavaScript writes an exponent: nobody takes such a number for one of which every
 * digit counts.
 */
const EXPONENT = 1e21;

/**
 * The text of a value with such a number has so many digits, an exponent, or the null that infinity
 * becomes.
 */
const HINT = /\d{16}|e\+|null/;

/**
 * A number in a JSON value, and where it stands: `.order.ids[2]`; empty: it is the value itself.
 */
export interface FoundNumber {
  readonly path: string;
  readonly number: number;
}

/**
 * The first number of a parsed JSON value that may not be the one that was written: a whole one
 * beyond ±(2^53 - 1) whose digits are written out, or none at all (`1e400`). `text` is the value as
 * JSON.
 */
export function findInexactNumber(value: unknown, text: string): FoundNumber | null {
  return HINT.test(text) ? findIn(value, '') : null;
}

function findIn(value: unknown, path: string): FoundNumber | null {
  if (typeof value === 'number') return isExact(Math.abs(value)) ? null : { path, number: value };
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, member] of Object.entries(value)) {
    const found = findIn(member, Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`);
    if (found !== null) return found;
  }
  return null;
}

const isExact = (size: number): boolean =>
  size <= LARGEST || (size >= EXPONENT && size !== Number.POSITIVE_INFINITY);
