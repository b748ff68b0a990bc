/**
 * The path of a number within a value that JSON cannot represent: `attributes.ratio is NaN`, which
 * JSON.stringify silently turns into null. Null if there is none.
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
