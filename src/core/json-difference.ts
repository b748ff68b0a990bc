/** A position at which two JSON values differ. */
export interface Difference {
  /**
   * Names and list indexes joined by dots, such as `groups.0.stats.count`; empty for the whole
   * value. It is for people: a dot inside a name is not escaped.
   */
  readonly path: string;
  /**
   * MISSING: only the expected value has it. UNEXPECTED: only the actual value has it. CHANGED:
   * both have it, and the values differ.
   */
  readonly kind: 'MISSING' | 'UNEXPECTED' | 'CHANGED';
  /** Undefined if the kind is UNEXPECTED. */
  readonly expected: unknown;
  /** Undefined if the kind is MISSING. */
  readonly actual: unknown;
}

export interface JsonDifference {
  /**
   * In the order of the expected value, at most `MAX_DIFFERENCES`; empty if the values are equal.
   */
  readonly differences: readonly Difference[];
  /** True if there are more differences than these. */
  readonly truncated: boolean;
}

/** More than anybody reads, and enough to see a pattern. */
export const MAX_DIFFERENCES = 100;

/**
 * The last digits of a floating-point sum depend on the order of the additions, which differs
 * between rows, rollups and databases. This tolerance is far above that error, and far below any
 * difference that matters.
 */
const RELATIVE_TOLERANCE = 1e-9;

/**
 * Finds where a JSON value differs from the expected one. Objects are compared by name in any
 * order, lists by position. Null is a value; it differs from a missing one. Integers are compared
 * exactly, because counts, times and ids are exact from every source. Other numbers are equal if
 * their relative difference is at most 1e-9, so only 0 equals 0.
 */
export function jsonDifference(expected: unknown, actual: unknown): JsonDifference {
  const differences: Difference[] = [];
  for (const difference of eachDifference(expected, actual)) {
    if (differences.length === MAX_DIFFERENCES) return { differences, truncated: true };
    differences.push(difference);
  }
  return { differences, truncated: false };
}

/** A list or an object; a list's names are its positions. */
type Container = Readonly<Record<string, unknown>>;

/** Two lists or two objects under comparison, and the current position in `names`. */
interface Level {
  readonly expected: Container;
  readonly actual: Container;
  readonly names: readonly string[];
  position: number;
}

/**
 * Goes depth first. The levels are an explicit stack, because JSON may be deeper than the call
 * stack.
 */
function* eachDifference(expected: unknown, actual: unknown): Generator<Difference> {
  const levels: Level[] = [openLevel({ value: expected }, { value: actual })];
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    level.position++;
    const name = level.names[level.position];
    if (name === undefined) {
      levels.pop();
      continue;
    }
    const pair = { expected: ownValue(level.expected, name), actual: ownValue(level.actual, name) };
    const kind = compare(pair.expected, pair.actual);
    if (kind === 'INSIDE') levels.push(openLevel(pair.expected as Container, pair.actual as Container));
    else if (kind !== 'EQUAL') yield { path: pathOf(levels), kind, ...pair };
  }
}

function openLevel(expected: Container, actual: Container): Level {
  const added = Object.keys(actual).filter((name) => !Object.hasOwn(expected, name));
  return { expected, actual, names: [...Object.keys(expected), ...added], position: -1 };
}

/** Ignores what every object inherits, such as `constructor`. */
function ownValue(container: Container, name: string): unknown {
  return Object.hasOwn(container, name) ? container[name] : undefined;
}

/** INSIDE: two lists or two objects, to be compared member by member. */
function compare(expected: unknown, actual: unknown): Difference['kind'] | 'EQUAL' | 'INSIDE' {
  if (expected === actual) return 'EQUAL';
  if (actual === undefined) return 'MISSING';
  if (expected === undefined) return 'UNEXPECTED';
  if (typeof expected === 'number' && typeof actual === 'number') {
    return areClose(expected, actual) ? 'EQUAL' : 'CHANGED';
  }
  const inside =
    isContainer(expected) && isContainer(actual) && Array.isArray(expected) === Array.isArray(actual);
  return inside ? 'INSIDE' : 'CHANGED';
}

function areClose(expected: number, actual: number): boolean {
  if (Number.isSafeInteger(expected) && Number.isSafeInteger(actual)) return expected === actual;
  const largest = Math.max(Math.abs(expected), Math.abs(actual));
  return Math.abs(expected - actual) <= RELATIVE_TOLERANCE * largest;
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** The current names of the levels, without the outermost, which holds the whole value. */
function pathOf(levels: readonly Level[]): string {
  return levels
    .slice(1)
    .map(({ names, position }) => names[position])
    .join('.');
}
