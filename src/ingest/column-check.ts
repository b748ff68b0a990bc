import { firstCharacters } from '../core/cut-text.ts';
import { type Column, toPublicNumber, toStoredNumber } from '../core/dataset/column.ts';
import type { Row } from '../core/dataset/row.ts';
import { isUuid, normalizeUuid } from '../core/ids.ts';
import { maskSecrets } from '../core/mask-secrets.ts';
import { durationMs } from '../core/time/duration.ts';
import { parseTimestamp } from '../core/time/parse-timestamp.ts';
import { DAY_MS } from '../core/time/units.ts';
import { checkJson, checkTextMap } from './json-check.ts';
import { type ColumnCheck, type Problem, problem } from './problem.ts';

/** Timestamps from clocks that are ahead are accepted up to this limit. */
const MAX_AHEAD_MS = DAY_MS;
/**
 * Later times have more digits than DateTime allows. An offset can make the last day before reach
 * it.
 */
const YEAR_10000 = Date.parse('+010000-01-01T00:00:00Z');

/** Go writes an unset time as year 1, which `parseTimestamp` does not accept. */
const GO_NO_TIME = /^0001-01-01T/;

/** Compiles the check of a column from its declaration. */
export function compileColumnCheck(column: Column): ColumnCheck {
  switch (column.kind) {
    case 'uuid':
      return checkUuid(column);
    case 'text':
      return checkText(column);
    case 'enum':
      return checkEnum(column);
    case 'integer':
    case 'float':
    case 'money':
      return checkNumber(column);
    case 'boolean':
      return checkBoolean(column);
    case 'timestamp':
      return checkTimestamp(column);
    case 'duration':
      return checkDuration(column);
    case 'json':
      return column.texts === undefined ? checkJson(column) : checkTextMap(column, column.texts);
    case 'texts':
      return checkTexts(column);
  }
}

function checkUuid(column: Column): ColumnCheck {
  const wanted = 'be a UUID such as "0198c1a0-5a5e-7cc3-9e0c-6a2d1f0b7e11"';
  return (value) => {
    if (typeof value !== 'string') return problem(column, 'WRONG_TYPE', wanted, value);
    return isUuid(value) ? normalizeUuid(value) : problem(column, 'INVALID_VALUE', wanted, value);
  };
}

function checkText(column: Column): ColumnCheck {
  const { maxLength = Number.POSITIVE_INFINITY, truncate = false, pattern, verbatim = false } = column;
  const finish = (text: string): string | Problem => {
    const checked = checkCharacters(column, text);
    return typeof checked === 'string' && !verbatim ? maskSecrets(checked) : checked;
  };
  const refusesEmpty = column.kind === 'text' && !column.mayBeEmpty;
  return (value) => {
    if (typeof value !== 'string') return problem(column, 'WRONG_TYPE', 'be text', value);
    if (pattern !== undefined && !pattern.matches.test(value)) {
      return problem(column, 'INVALID_VALUE', pattern.wanted, value);
    }
    if (value === '' && refusesEmpty) return problem(column, 'INVALID_VALUE', 'not be empty');
    if (value.length > maxLength) {
      // Masked before it is cut, so that no half of a secret remains. In a huge text, only the part
      // that may be kept is searched.
      if (truncate) {
        const text = finish(firstCharacters(value, 2 * maxLength));
        return typeof text === 'string' ? firstCharacters(text, maxLength) : text;
      }
      const wanted = `have at most ${maxLength} characters; it has ${value.length}`;
      return problem(column, 'TOO_LONG', wanted);
    }
    return finish(value);
  };
}

/** Half of a surrogate pair: UTF-8 cannot encode it, so it would come back as another character. */
const LONE_SURROGATE = /\p{Surrogate}/u;
/** A quick check: text that does not match needs no check by `LONE_SURROGATE`. */
const FIRST_SURROGATE = /[\ud800-\udfff]/;

/** Rejects NUL, which PostgreSQL cannot store in text, and halves of surrogate pairs. */
function checkCharacters(column: Column, text: string): string | Problem {
  if (text.includes('\0')) return problem(column, 'INVALID_VALUE', 'not contain the character U+0000');
  if (FIRST_SURROGATE.test(text) && LONE_SURROGATE.test(text)) {
    return problem(column, 'INVALID_VALUE', 'be well-formed Unicode: it contains half of a surrogate pair');
  }
  return text;
}

function checkDuration(column: Column): ColumnCheck {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = column;
  const wanted = 'be an ISO-8601 duration of fixed length, such as "PT5M" or "P1D"';
  return (value) => {
    if (typeof value !== 'string') return problem(column, 'WRONG_TYPE', wanted, value);
    const length = durationMs(value);
    if (length === null) return problem(column, 'INVALID_VALUE', wanted, value);
    if (length >= min && length <= max) return value;
    return problem(column, 'INVALID_VALUE', `be from ${min / 1000} to ${max / 1000} seconds long`, value);
  };
}

function checkEnum(column: Column): ColumnCheck {
  const values = new Set(Object.keys(column.values ?? {}));
  const wanted = `be one of ${[...values].join(', ')}`;
  return (value) => {
    if (typeof value !== 'string') return problem(column, 'WRONG_TYPE', wanted, value);
    return values.has(value) ? value : problem(column, 'INVALID_VALUE', wanted, value);
  };
}

function checkNumber(column: Column): ColumnCheck {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = column;
  const isInteger = column.kind === 'integer';
  const isMoney = column.kind === 'money';
  const unit = isMoney ? ' of USD' : '';
  const wanted = `be a ${isInteger ? 'whole ' : ''}number${unit} from ${min} to ${max}`;
  return (value) => {
    if (typeof value !== 'number' || Number.isNaN(value)) return problem(column, 'WRONG_TYPE', wanted, value);
    if (value < min || value > max) return problem(column, 'OUT_OF_RANGE', wanted, value);
    if (isInteger && !Number.isInteger(value)) return problem(column, 'WRONG_TYPE', wanted, value);
    // Adding 0 turns -0 into 0, because databases do not distinguish them.
    return (isMoney ? toStoredNumber(column, value) : value) + 0;
  };
}

/**
 * Compiles the check of values that the server computed. A number must be within the bounds for
 * clients; otherwise reading it back would fail. The row is in stored units.
 */
export function compileBoundsCheck(columns: readonly Column[]): (row: Row) => Problem | null {
  const bounded = columns
    .filter(({ kind }) => kind === 'integer' || kind === 'float' || kind === 'money')
    .map((column) => {
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = column;
      return { column, min, max, least: toStoredNumber(column, min), most: toStoredNumber(column, max) };
    });
  return (row) => {
    for (const { column, min, max, least, most } of bounded) {
      const value = row[column.index];
      if (typeof value !== 'number' || (value >= least && value <= most)) continue;
      const wanted = `be from ${min} to ${max}, even if the server computes it`;
      return problem(column, 'OUT_OF_RANGE', wanted, String(toPublicNumber(column, value)));
    }
    return null;
  };
}

function checkBoolean(column: Column): ColumnCheck {
  return (value) =>
    typeof value === 'boolean' ? value : problem(column, 'WRONG_TYPE', 'be true or false', value);
}

function checkTimestamp(column: Column): ColumnCheck {
  const wanted = 'be an ISO-8601 time with an offset, such as "2026-11-22T16:56:00.123Z"';
  const { past = false } = column;
  return (value, now) => {
    if (typeof value !== 'string' && !(value instanceof Date))
      return problem(column, 'WRONG_TYPE', wanted, value);
    const instant = typeof value === 'string' ? parseTimestamp(value) : value.getTime();
    if (instant < 0 || (Number.isNaN(instant) && GO_NO_TIME.test(String(value))))
      return problem(column, 'OUT_OF_RANGE', 'not be before 1970', value);
    if (Number.isNaN(instant)) return problem(column, 'INVALID_VALUE', wanted, value);
    if (instant >= YEAR_10000) return problem(column, 'OUT_OF_RANGE', 'not be after 9999 in UTC', value);
    if (past && instant > now + MAX_AHEAD_MS) {
      const latest = `not be more than 24 h in the future; the server's time is ${new Date(now).toISOString()}`;
      return problem(column, 'OUT_OF_RANGE', latest);
    }
    return instant;
  };
}

/** The texts as a JSON array, without duplicates, which have no meaning. */
function checkTexts(column: Column): ColumnCheck {
  const { maxItems = Number.POSITIVE_INFINITY } = column;
  const checkItem = checkText(column);
  return (value, now) => {
    // A single text counts as a list of one, as for any GraphQL list.
    const list = Array.isArray(value) ? value : [value];
    if (list.length > maxItems) {
      return problem(column, 'TOO_LONG', `have at most ${maxItems} items; it has ${list.length}`);
    }
    const items = new Set<unknown>();
    for (const item of list) {
      const checked = checkItem(item, now);
      if (typeof checked === 'object') return checked;
      if (checked === '') return problem(column, 'INVALID_VALUE', 'not contain empty text');
      items.add(checked);
    }
    return JSON.stringify([...items]);
  };
}
