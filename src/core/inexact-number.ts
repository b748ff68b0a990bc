/**
 * Beyond this, a double cannot represent every whole number, so a JSON reader may read a number
 * other than the one that was written.
 */
const LARGEST = Number.MAX_SAFE_INTEGER;
/**
 * From here on, JavaScript writes an exponent. With up to 15 digits before it, the number is the
 * one that was written, unless `exact-json.ts` has marked it. With more digits, it may be what is
 * left of a longer one.
 */
const EXPONENT = 1e21;
const DIGITS = 15;

/**
 * The JSON of an inexact number has 16 digits or more, an exponent, or the null that infinity
 * becomes.
 */
const HINT = /\d{16}|e\+|null/;

/**
 * The members of objects and lists whose written digits the number does not show. Marks keep the
 * numbers themselves correct, for all who take the nearest double.
 */
const marks = new WeakMap<object, Set<string>>();

/** Notes that a number of an object or a list is not exactly the one that was written. */
export function markInexact(holder: object, key: string): void {
  const keys = marks.get(holder);
  if (keys === undefined) marks.set(holder, new Set([key]));
  else keys.add(key);
}

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
 * ±(2^53 - 1), unless it has an exponent and few digits and is not marked, and infinity (`1e400`).
 * A value that is itself a number has no holder, and so no mark: it may differ from ±2^53 on.
 * `text` is the value as JSON. Null if there is none.
 */
export function findInexactNumber(value: unknown, text = JSON.stringify(value)): FoundNumber | null {
  if (!HINT.test(text)) return null;
  if (typeof value === 'number') return Math.abs(value) <= LARGEST ? null : { path: '', number: value };
  return typeof value === 'object' && value !== null ? findIn(value, '') : null;
}

function findIn(holder: object, path: string): FoundNumber | null {
  const marked = marks.get(holder);
  for (const [name, member] of Object.entries(holder)) {
    const memberPath = (): string => (Array.isArray(holder) ? `${path}[${name}]` : `${path}.${name}`);
    if (typeof member === 'number') {
      if (marked?.has(name) || !isExact(Math.abs(member))) return { path: memberPath(), number: member };
    } else if (typeof member === 'object' && member !== null) {
      const found = findIn(member, memberPath());
      if (found !== null) return found;
    }
  }
  return null;
}

const isExact = (size: number): boolean =>
  size <= LARGEST || (size >= EXPONENT && Number.isFinite(size) && digitsOf(size) <= DIGITS);

/** How many digits the number has in its shortest form, such as 2 for 3.1e23. */
const digitsOf = (size: number): number => size.toExponential().replace(/e.*/, '').replace('.', '').length;
