/**
 * Where a value that JSON can hold has a number that it cannot: `attributes.ratio is NaN`, which
 * JSON.stringify makes null without a word. Null if there is none.
 */
export function findUnkeptNumber(value: unknown, path = ''): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : `${path} is ${value}`;
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return null;
  for (const [name, member] of Object.entries(value)) {
    const found = findUnkeptNumber(member, path === '' ? name : `${path}.${name}`);
    if (found !== null) return found;
  }
  return null;
}
