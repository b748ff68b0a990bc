/**
 * Beyond this, a double cannot represent every whole number, so a JSON reader may read a number
 * other than the one that was written.
 */
const LARGEST = Number.MAX_SAFE_INTEGER;
/**
 * From here on, JavaScript writes an exponent. With up to 15 digits before it, the number is the
 * one that was written, as `exact-json.ts` ensures. With more digits, it may be what is left of a
 * longer one.
 */
const EXPONENT = 1e21;
const DIGITS = 15;

/**
 * The JSON of an inexact number has 16 digits or more, an exponent, or the null that infinity
 * becomes.
 */
const HINT = /\d{16}|e\+|null/;

/**
 * A number in a JSON value, and its path, such as `.order.ids[2]`; an empty path means the value
 * itself.
 */
export interface FoundNumber {
  readonly path: string;
  readonly number: number;
}

/**
 * The first number of a parsed JSON value that may differ from the one that was written: one beyond
 * ±(2^53 - 1), unless it has an exponent and few digits, and infinity (`1e400`). `text` is the
 * value as JSON. Null if there is none.
 */
export function findInexactNumber(value: unknown, text = JSON.stringify(value)): FoundNumber | null {
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
  size <= LARGEST || (size >= EXPONENT && Number.isFinite(size) && digitsOf(size) <= DIGITS);

/** How many digits the number has in its shortest form, such as 2 for 3.1e23. */
const digitsOf = (size: number): number => size.toExponential().replace(/e.*/, '').replace('.', '').length;
