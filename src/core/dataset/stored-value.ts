import { isUuid } from '../ids.ts';
import { isObject } from '../is-object.ts';
import { durationMs } from '../time/duration.ts';
import { DAY_MS } from '../time/units.ts';
import { type Column, toPublicNumber, toStoredNumber } from './column.ts';
import type { Row } from './row.ts';

/**
 * What is wrong with a stored value, in words that continue the sentence "<column> …"; null if the
 * declaration allows the value. `now` is the present in epoch milliseconds.
 */
export type StoredCheck = (value: unknown, now: number) => string | null;

/** A value of a stored row that its declaration does not allow. */
export interface ImpossibleValue {
  readonly column: string;
  readonly problem: string;
}

/** Clocks that are ahead are accepted up to this limit. */
const MAX_AHEAD_MS = DAY_MS;
const LAST_YEAR = Date.parse('+010000-01-01T00:00:00Z');

/**
 * Compiles the check of stored rows: first each value by its column, then the relations between
 * columns.
 */
export function compileStoredRowCheck({
  columns,
  findContradiction,
}: {
  readonly columns: readonly Column[];
  readonly findContradiction?: (row: Row) => { readonly field: string; readonly message: string } | null;
}): (row: Row, now: number) => ImpossibleValue | null {
  const checks = columns.map((column) => ({ column, check: compileStoredCheck(column) }));
  return (row, now) => {
    for (const { column, check } of checks) {
      const problem = check(row[column.index], now);
      if (problem !== null) return { column: column.name, problem };
    }
    const found = findContradiction?.(row) ?? null;
    return found === null ? null : { column: found.field, problem: `contradicts the rest: ${found.message}` };
  };
}

/** Compiles the check of the stored values of a column from its declaration. */
export function compileStoredCheck(column: Column): StoredCheck {
  const check = checkOfKind(column);
  return (value, now) => {
    if (value === null || value === undefined) return column.optional ? null : 'has no value';
    return check(value, now);
  };
}

function checkOfKind(column: Column): StoredCheck {
  switch (column.kind) {
    case 'integer':
    case 'float':
    case 'money':
      return checkNumber(column);
    case 'timestamp':
      return checkTime(column);
    case 'enum':
      return checkEnum(column);
    case 'boolean':
      return (value) =>
        typeof value === 'boolean' ? null : `is ${show(value)}, which is neither true nor false`;
    case 'uuid':
      return (value) =>
        typeof value === 'string' && isUuid(value) ? null : `is ${show(value)}, which is not a UUID`;
    case 'text':
      return checkText(column);
    case 'duration':
      return (value) =>
        typeof value === 'string' && durationMs(value) !== null
          ? null
          : `is ${show(value)}, which is not a duration`;
    case 'json':
      return (value) =>
        column.anyJson || isObject(parsed(value)) ? null : `is ${show(value)}, which is not a JSON object`;
    case 'texts':
      return (value) => (isTexts(parsed(value)) ? null : `is ${show(value)}, which is not a list of texts`);
  }
}

function checkNumber(column: Column): StoredCheck {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = column;
  const [least, most] = [toStoredNumber(column, min), toStoredNumber(column, max)];
  const isWhole = column.kind !== 'float';
  return (value) => {
    if (typeof value !== 'number' || !Number.isFinite(value))
      return `is ${show(value)}, which is not a number`;
    if (isWhole && !Number.isInteger(value)) return `is ${value}, which is not a whole number`;
    const isWithin = value >= least && value <= most;
    return isWithin ? null : `is ${toPublicNumber(column, value)}, which is not from ${min} to ${max}`;
  };
}

function checkTime({ past = false, source }: Column): StoredCheck {
  return (value, now) => {
    if (typeof value !== 'number' || !Number.isInteger(value))
      return `is ${show(value)}, which is not a time`;
    if (value < 0 || value >= LAST_YEAR) return `is ${value} ms after 1970, which is not from 1970 to 9999`;
    const isAhead = (past || source === 'server') && value > now + MAX_AHEAD_MS;
    return isAhead ? `is ${new Date(value).toISOString()}, which is in the future` : null;
  };
}

function checkEnum({ values = {} }: Column): StoredCheck {
  return (value) =>
    typeof value === 'string' && Object.hasOwn(values, value)
      ? null
      : `is ${show(value)}, which is not one of ${Object.keys(values).join(', ')}`;
}

/** Masked text may be longer than the text that was sent, and need not match its pattern. */
function checkText({ maxLength, verbatim = false, truncate = false }: Column): StoredCheck {
  const most = (verbatim || truncate ? maxLength : undefined) ?? Number.POSITIVE_INFINITY;
  return (value) => {
    if (typeof value !== 'string') return `is ${show(value)}, which is not text`;
    return value.length <= most ? null : `has ${value.length} characters, more than ${most}`;
  };
}

/** SQLite returns JSON as text, PostgreSQL as a value. Undefined: the text is not JSON. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const LONGEST_SHOWN = 40;

function show(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
