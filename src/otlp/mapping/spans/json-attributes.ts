import { isObject } from '../../../core/is-object.ts';
import type { AttributeValue } from '../../protocol/telemetry.ts';

/** What an attribute holds as JSON. */
export type Details = Readonly<Record<string, AttributeValue | undefined>>;

const NOTHING: Details = {};

/** The object that an attribute holds as the text of JSON, or as a map; empty without one. */
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

/** The value of the first of the names that has one. */
export function firstOf(details: Details, names: readonly string[]): AttributeValue | undefined {
  for (const name of names) if (details[name] != null) return details[name];
  return undefined;
}
