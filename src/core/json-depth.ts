/**
 * Levels of lists and objects in each other that a stored JSON value may have. Far more than
 * anybody reads; a parser takes many thousands, and then databases, clients and comparisons
 * overflow their stacks, each at another depth.
 */
export const MAX_JSON_LEVELS = 100;

/**
 * Whether a JSON value has more levels of lists and objects than that; `1` and `"a"` have none,
 * `[1]` has one.
 */
export function isDeeperThan(levels: number, value: unknown): boolean {
  // Level by level: the stack of calls would overflow where this is needed.
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
