/**
 * The approximate number of characters of a value's JSON. Reads no more of it than `most`
 * characters, and then returns at least `most`.
 */
export function jsonLength(value: unknown, most: number): number {
  let left = most;
  const visit = (part: unknown): void => {
    if (left <= 0) return;
    left -= typeof part === 'string' ? part.length : 8;
    if (typeof part !== 'object' || part === null) return;
    if (Array.isArray(part)) {
      for (let index = 0; index < part.length && left > 0; index++) visit(part[index]);
      return;
    }
    for (const name in part) {
      if (left <= 0) return;
      left -= name.length;
      visit((part as Record<string, unknown>)[name]);
    }
  };
  visit(value);
  return most - left;
}
