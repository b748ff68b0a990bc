/**
 * The most levels of nested lists and objects that a stored JSON value may have. Far more than
 * anybody reads. Parsers accept many thousands, but databases, clients and comparisons then
 * overflow their stacks, each at a different depth.
 */
export const MAX_JSON_LEVELS = 100;

/**
 * Whether a JSON value has more than `levels` levels of nested lists and objects; `1` and `"a"`
 * have none, `[1]` has one.
 */
export function isDeeperThan(levels: number, value: unknown): boolean {
  // Goes level by level, because recursion would overflow the stack for exactly the values that
  // this must find.
  let level = [value].filter(isContainer);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > levels) return true;
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return false;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
