/** One place where two JSON values differ. */
export interface Difference {
  /**
   * Names and list positions with dots between, such as `groups.0.stats.count`; empty for the whole
   * value. For people: a name that has a dot itself is not marked.
   */
  readonly path: string;
  /**
   * MISSING: only the expected value has it. UNEXPECTED: only the actual value has it. CHANGED:
   * both do, and differ.
   */
  readonly kind: 'MISSING' | 'UNEXPECTED' | 'CHANGED';
  /** Undefined where it is UNEXPECTED. */
  readonly expected: unknown;
  /** Undefined where it is MISSING. */
  readonly actual: unknown;
}

export interface JsonDifference {
  /** In the order of the expected value, at most `MAX_DIFFERENCES`; empty: the values are equal. */
  readonly differences: readonly Difference[];
  /** True: there are more differences than these. */
  readonly truncated: boolean;
}

/** More than a reader goes through, and enough to see a pattern. */
export const MAX_DIFFERENCES = 100;

/**
 * A sum of floating-point numbers depends in its last digits on the order of the additions, which
 * is another one for rows, for rollups and for each database. This is far above that error, and far
 * below what anybody means by another number.
 */
const RELATIVE_TOLERANCE = 1e-9;

/**
 * Where a JSON value differs from the expected one. Objects are compared by name whatever the
 * order, lists by position; null is a value, other than a missing one. Whole numbers are compared
 * exactly: counts, times and ids are exact from every source. Other numbers are equal within a
 * relative 1e-9, so nothing but 0 equals 0.
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

/**
 * Two lists or two objects that are being compared, and the position in `names` where the
 * comparison stands.
 */
interface Level {
  readonly expected: Container;
  readonly actual: Container;
  readonly names: readonly string[];
  position: number;
}

/** Depth first. The levels are a stack of our own: JSON may be deeper than the stack of calls. */
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

/** Not what every object inherits: JSON may lack `constructor`. */
function ownValue(container: Container, name: string): unknown {
  return Object.hasOwn(container, name) ? container[name] : undefined;
}

/** INSIDE: two containers of one kind, to be compared part by part. */
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

/** The names at which the levels stand, without the outermost, which holds the whole value. */
function pathOf(levels: readonly Level[]): string {
  return levels
    .slice(1)
    .map(({ names, position }) => names[position])
    .join('.');
}
