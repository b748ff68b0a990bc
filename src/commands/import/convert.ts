import { Temporal } from 'temporal-polyfill';
import type { Column } from '../../core/dataset/column.ts';
import { parseExactJson } from '../../core/exact-json.ts';
import { findInexactNumber } from '../../core/inexact-number.ts';
import { parseTimestamp } from '../../core/time/parse-timestamp.ts';

/** A value that does not fit the column's kind. The message says what is expected. */
export class ConversionError extends Error {
  override readonly name = 'ConversionError';
}

const TRUE = new Set(['true', 't', 'yes', 'y', '1']);
const FALSE = new Set(['false', 'f', 'no', 'n', '0']);
/** Times with date and time of day, with any number of decimals, with or without an offset. */
const TIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;
/** A list in one cell is written as JSON. */
const JSON_LIST = /^\s*\[/;
/** Excludes 0x1F, 0b11 and 0o17, which `Number` accepts but a file of measurements never means. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/**
 * Epoch numbers from here on are milliseconds (this many are 1973), below it seconds (this many are
 * the year 5138).
 */
const FIRST_EPOCH_MILLISECONDS = 1e11;

/**
 * Converts a value of a file for the record mutation: numbers, booleans and times are parsed from
 * text by the kind of the column. Undefined if the file has no value: null, or empty text in a
 * column where empty text means nothing.
 *
 * @throws ConversionError when the text is not valid for the kind.
 */
export function convertValue(column: Column, value: unknown, timeZone: string): unknown {
  if (value === undefined || value === null || (value === '' && !column.mayBeEmpty)) return undefined;
  switch (column.kind) {
    case 'integer':
    case 'float':
    case 'money':
      return typeof value === 'string' ? toNumber(value) : finite(value);
    case 'boolean':
      return toBoolean(value);
    case 'timestamp':
      return new Date(toEpochMilliseconds(value, timeZone)).toISOString();
    case 'json':
      return exactValue(typeof value === 'string' ? toJson(value) : value);
    case 'enum':
      return typeof value === 'string' ? value.trim().toUpperCase() : value;
    case 'texts':
      return toTexts(value);
    case 'uuid':
    case 'text':
    case 'duration':
      return typeof value === 'number' || typeof value === 'boolean' ? String(exactValue(value)) : value;
  }
}

function toNumber(text: string): number {
  if (!DECIMAL.test(text.trim())) {
    throw new ConversionError(`${quote(text)} is not a decimal number, such as 31 or -1.5e3`);
  }
  return finite(Number(text), quote(text));
}

function finite<Value>(value: Value, what = 'The number'): Value {
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  throw new ConversionError(`${what} is too large; numbers go up to 1.8e308`);
}

function toBoolean(value: unknown): boolean {
  const text = String(value).trim().toLowerCase();
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  throw new ConversionError(`${quote(value)} is not a boolean, such as true, t, yes, y or 1`);
}

/** Accepts a list, the JSON of a list, or one text, which becomes a list of one. */
function toTexts(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return JSON_LIST.test(value) ? toJson(value) : [value];
}

function toJson(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    throw new ConversionError(`${quote(text)} is not JSON, such as {"region": "eu"} or [1, 2]`);
  }
}

/**
 * Returns the value unchanged.
 *
 * @throws ConversionError if a number in it may differ from the number in the file
 */
export function exactValue<Value>(value: Value): Value {
  const inexact = findInexactNumber(value);
  if (inexact === null) return value;
  const { path, number } = inexact;
  const what = path === '' ? 'the number' : `the number at ${path.replace(/^\./, '')}`;
  throw new ConversionError(`${what} has too many digits, and was read as ${number}; write it as text`);
}

/**
 * Epoch milliseconds of a time such as `2023-11-16 18:17:03.9799600`, `2023-11-16T18:17:03Z`,
 * `2023-11-16`, or of epoch seconds or milliseconds. Digits beyond the millisecond are cut. A time
 * without an offset is one of the zone. If clocks go forward over it, the later of the possible
 * times counts; if they go back, the earlier.
 */
function toEpochMilliseconds(value: unknown, timeZone: string): number {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value.trim()))) {
    const number = Number(value);
    return checked(Math.floor(number < FIRST_EPOCH_MILLISECONDS ? number * 1000 : number), value);
  }
  const parts = typeof value === 'string' ? TIME.exec(value.trim()) : null;
  if (parts === null) throw unreadable(value);
  const [, year, month, day, hour = '00', minute = '00', second = '00', decimals = '', offset] = parts;
  const plain = `${year}-${month}-${day}T${hour}:${minute}:${second}.${decimals.slice(0, 3).padEnd(3, '0')}`;
  const instant = checked(parseTimestamp(`${plain}${offset ?? 'Z'}`), value);
  if (offset !== undefined || timeZone === 'UTC') return instant;
  return Temporal.PlainDateTime.from(plain).toZonedDateTime(timeZone).epochMilliseconds;
}

function checked(milliseconds: number, value: unknown): number {
  if (!Number.isFinite(milliseconds) || Math.abs(milliseconds) > 8.64e15) throw unreadable(value);
  return milliseconds;
}

function unreadable(value: unknown): ConversionError {
  return new ConversionError(
    `${quote(value)} is not a time, such as 2026-05-04 03:02:01.5 or 2026-05-04T03:02:01Z`,
  );
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
