/**
 * Whether the value is an object with names, such as a parsed JSON object: not a list, not null.
 */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
