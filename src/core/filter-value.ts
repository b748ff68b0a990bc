import { NANO_USD_PER_USD } from './dataset/column.ts';
import { InvalidArgument } from './errors.ts';
import { isUuid, normalizeUuid } from './ids.ts';
import { parseTimestamp } from './time/parse-timestamp.ts';

/**
 * The kinds of fields that filters distinguish. `money` is USD in the API and nano-USD in the row.
 */
export type FilterFieldKind =
  | 'text'
  | 'enum'
  | 'uuid'
  | 'number'
  | 'money'
  | 'boolean'
  | 'timestamp'
  | 'texts'
  | 'attribute'
  | 'tag';

/**
 * The operators of the filter tree. The tree expresses `ne` and `notIn` of the API as negated
 * tests.
 */
export type FilterOperator = 'eq' | 'in' | 'lt' | 'lte' | 'gt' | 'gte' | 'contains' | 'startsWith' | 'has';

type Value = string | number | boolean;

/**
 * Converts a value of the API to the form that rows hold (see `Scalar`). A timestamp may be a Date,
 * epoch milliseconds or ISO-8601 text with an offset.
 *
 * @throws InvalidArgument at `path` if the field cannot hold the value.
 */
export function filterValue(
  { kind, operator }: { readonly kind: FilterFieldKind; readonly operator: FilterOperator },
  value: unknown,
  path: string,
): Value {
  switch (kind) {
    case 'text':
    case 'enum':
    case 'texts':
    case 'tag':
      return textValue(value, path);
    case 'uuid':
      return uuidValue(value, path);
    case 'number':
      return numberValue(value, path);
    case 'attribute':
      return attributeValue(operator, value, path);
    case 'money':
      return nanoUsdValue(operator, numberValue(value, path) * NANO_USD_PER_USD);
    case 'timestamp':
      return timestampValue(value, path);
    default:
      if (typeof value !== 'boolean') throw new InvalidArgument(`${path} takes true or false.`, path);
      return value;
  }
}

/**
 * A text that rows can hold.
 *
 * @throws InvalidArgument at `path` if the value is not such a text.
 */
export function textValue(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new InvalidArgument(`${path} takes text.`, path);
  // PostgreSQL can neither store nor compare U+0000.
  if (value.includes('\0'))
    throw new InvalidArgument(`${path} takes text without the character U+0000.`, path);
  // Half a surrogate pair has no UTF-8 form: databases would search for U+FFFD instead.
  if (/\p{Surrogate}/u.test(value))
    throw new InvalidArgument(`${path} takes well-formed Unicode, without half of a surrogate pair.`, path);
  return value;
}

function uuidValue(value: unknown, path: string): string {
  const text = textValue(value, path);
  if (!isUuid(text)) throw new InvalidArgument(`${path} takes a UUID such as ${EXAMPLE_UUID}.`, path);
  return normalizeUuid(text);
}

/** Values of all types can be compared for equality; only numbers and text have an order. */
function attributeValue(operator: FilterOperator, value: unknown, path: string): Value {
  if (typeof value === 'string') return textValue(value, path);
  if (operator === 'contains' || operator === 'startsWith') return textValue(value, path);
  if (typeof value === 'boolean' && (operator === 'eq' || operator === 'in')) return value;
  if (typeof value === 'number') return numberValue(value, path);
  const types =
    operator === 'eq' || operator === 'in' ? 'a number, a text, true or false' : 'a number or a text';
  throw new InvalidArgument(`${path} takes ${types}.`, path);
}

const EXAMPLE_UUID = '01981234-5678-7abc-8def-0123456789ab';

function numberValue(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new InvalidArgument(`${path} takes a finite number.`, path);
  }
  return value;
}

/**
 * Rounds an amount to whole nano-USD, because rows hold whole numbers and databases compare them as
 * such. A bound between two whole numbers moves to the one that selects the same rows. An amount
 * within rounding error of a whole number becomes that number (0.0000012 USD is 1200.0000000000002
 * in floating point).
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
