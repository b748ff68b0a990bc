import { isObject } from '../../../core/is-object.ts';
import type { AttributeValue } from '../../protocol/telemetry.ts';

/** The contents of an attribute that holds JSON. */
export type Details = Readonly<Record<string, AttributeValue | undefined>>;

const NOTHING: Details = {};

/** The object that an attribute holds as JSON text, or as a map; empty if there is none. */
export function detailsOf(value: AttributeValue | undefined): Details {
  if (typeof value !== 'string') return isObject(value) ? (value as Details) : NOTHING;
  try {
    const parsed: unknown = JSON.parse(value);
    return isObject(parsed) ? (parsed as Details) : NOTHING;
  } catch (error) {
    if (error instanceof SyntaxError) return NOTHING;
    throw error;
  }
}

/** The value of the first of these names that has one. */
export function firstOf(details: Details, names: readonly string[]): AttributeValue | undefined {
  for (const name of names) if (details[name] != null) return details[name];
  return undefined;
}
