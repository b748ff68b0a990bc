/** One condition of the filter: a field, an operator of the API and a value. */
export type Condition = readonly [field: string, operator: string, value: string];

/** Text in the URL that is not a list of conditions counts as none. */
export function readWhere(text: string | null): Condition[] {
  if (text === null) return [];
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.filter(isCondition) : [];
  } catch {
    return [];
  }
}

const isCondition = (value: unknown): value is Condition =>
  Array.isArray(value) && value.length === 3 && value.every((part) => typeof part === 'string');

/** The conditions as the `filter` of the API. All must hold. */
export function filterOf(where: readonly Condition[]): Record<string, unknown> | null {
  if (where.length === 0) return null;
  return { and: where.map(filterOfOne) };
}

function filterOfOne([field, operator, text]: Condition): Record<string, unknown> {
  const value = read(operator, text);
  const key = /^tags\.(.+)$/.exec(field)?.[1];
  return key === undefined ? { [field]: { [operator]: value } } : { tags: [{ key, [operator]: value }] };
}

function read(operator: string, text: string): unknown {
  if (operator === 'in') return text.split(',').map(typed);
  const value = typed(text);
  // `contains` applies only to texts.
  return operator === 'contains' && typeof value !== 'string' ? text : value;
}

/**
 * "true", "5" and "null" have their JSON meaning; everything else is text, and so is anything in
 * quotes.
 */
function typed(text: string): unknown {
  const trimmed = text.trim();
  const quoted = /^"(.*)"$/s.exec(trimmed)?.[1];
  if (quoted !== undefined) return quoted;
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true';
  if (trimmed === 'null') return null;
  return trimmed !== '' && Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
}

/**
 * How a condition writes a value: in quotes if it is a text that would be read as something else.
 */
export const writtenOf = (value: unknown): string =>
  typeof value === 'string' && typed(value) !== value ? `"${value}"` : String(value);
