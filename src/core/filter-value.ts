import { NANO_USD_PER_USD } from './dataset/column.ts';
import { InvalidArgument } from './errors.ts';
import { isUuid, normalizeUuid } from './ids.ts';
import { parseTimestamp } from './time/parse-timestamp.ts';

/**
 * What a field holds, as far as filters differ. `money` is USD in the API and nano-USD in the row.
 */
export type FilterFieldKind =
  | 'text'
  | 'enum'
  | 'uuid'
  | 'number'
  | 'money'
  | 'boolean'
  | 'timestamp'
  | 'texts';

/** The operators of the filter tree; the API's `ne` and `notIn` are negated tests there. */
export type FilterOperator = 'eq' | 'in' | 'lt' | 'lte' | 'gt' | 'gte' | 'contains' | 'startsWith' | 'has';

type Value = string | number | boolean;

/**
 * A value of the API in the form in which rows hold it: see `Scalar`. A timestamp may come as a
 * Date, as epoch milliseconds or as ISO-8601 text with an offset. Throws InvalidArgument at `path`
 * for what the field cannot hold.
 */
export function filterValue(
  kind: FilterFieldKind,
  operator: FilterOperator,
  value: unknown,
  path: string,
): Value {
  switch (kind) {
    case 'text':
    case 'enum':
    case 'texts':
      return textValue(value, path);
    case 'uuid':
      return uuidValue(value, path);
    case 'number':
      return numberValue(value, path);
    case 'money':
      return nanoUsdValue(operator, numberValue(value, path) * NANO_USD_PER_USD);
    case 'timestamp':
      return timestampValue(value, path);
    default:
      if (typeof value !== 'boolean') throw new InvalidArgument(`${path} takes true or false.`, path);
      return value;
  }
}

function textValue(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new InvalidArgument(`${path} takes text.`, path);
  // PostgreSQL can neither store nor compare it.
  if (value.includes('\0'))
    throw new InvalidArgument(`${path} takes text without the character U+0000.`, path);
  // It has no UTF-8: databases would look for U+FFFD in its place.
  if (/\p{Surrogate}/u.test(value))
    throw new InvalidArgument(`${path} takes well-formed Unicode, without half of a surrogate pair.`, path);
  return value;
}

function uuidValue(value: unknown, path: string): string {
  const text = textValue(value, path);
  if (!isUuid(text)) throw new InvalidArgument(`${path} takes a UUID such as ${EXAMPLE_UUID}.`, path);
  return normalizeUuid(text);
}

const EXAMPLE_UUID = '01981234-5678-7abc-8def-0123456789ab';

function numberValue(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new InvalidArgument(`${path} takes a finite number.`, path);
  }
  return value;
}

/**
 * Rows hold whole nano-USD, so a bound between two of them moves to the one that lets the same rows
 * pass: databases compare whole numbers. What is within rounding of a whole number is that number
 * (0.0000012 USD is 1200.0000000000002 in floating point).
 */
function nanoUsdValue(operator: FilterOperator, amount: number): number {
  const whole = Math.round(amount);
  if (Math.abs(amount - whole) < 1e-3) return whole;
  if (operator === 'lt' || operator === 'gte') return Math.ceil(amount);
  if (operator === 'lte' || operator === 'gt') return Math.floor(amount);
  return whole;
}

function timestampValue(value: unknown, path: string): number {
  const milliseconds =
    value instanceof Date ? value.getTime() : typeof value === 'string' ? parseTimestamp(value) : value;
  if (typeof milliseconds !== 'number' || !Number.isFinite(milliseconds)) {
    throw new InvalidArgument(`${path} takes an instant such as 2026-01-31T12:00:00Z.`, path);
  }
  return milliseconds;
}
