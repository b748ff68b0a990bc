import { firstCharacters } from '../core/cut-text.ts';
import type { Column, TextMap } from '../core/dataset/column.ts';
import { type FoundNumber, findInexactNumber } from '../core/inexact-number.ts';
import { isObject } from '../core/is-object.ts';
import { isDeeperThan, MAX_JSON_LEVELS } from '../core/json-depth.ts';
import { maskJson } from '../core/mask-json.ts';
import { type ColumnCheck, MAX_SHOWN_LENGTH, type Problem, problem, show } from './problem.ts';

/**
 * An escaped U+0000 or half a surrogate pair, after an even number of backslashes: JSON columns
 * reject both.
 */
const UNSTORABLE_ESCAPE = /(?:^|[^\\])(?:\\\\)*\\u(?:0000|d[89ab][0-9a-f]{2}|d[c-f][0-9a-f]{2})/;

/** Compiles the check of a JSON value. */
export function checkJson(column: Column): ColumnCheck {
  const { maxLength = Number.POSITIVE_INFINITY, anyJson = false, verbatim = false } = column;
  return (value) => {
    if (!anyJson && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      return problem(column, 'WRONG_TYPE', 'be a JSON object', value);
    }
    if (isDeeperThan(MAX_JSON_LEVELS, value)) {
      const wanted = `have at most ${MAX_JSON_LEVELS} levels of nested lists and objects`;
      return problem(column, 'INVALID_VALUE', wanted);
    }
    const text = JSON.stringify(value);
    if (text.length > maxLength) {
      return problem(
        column,
        'TOO_LONG',
        `have at most ${maxLength} characters as JSON; it has ${text.length}`,
      );
    }
    if (text.includes('\\u') && UNSTORABLE_ESCAPE.test(text)) {
      return problem(column, 'INVALID_VALUE', 'not contain U+0000 or half of a surrogate pair');
    }
    const inexact = findInexactNumber(value, text);
    if (inexact !== null) return inexactNumber(column, inexact);
    return verbatim ? text : maskJson(value, text);
  };
}

/** Compiles the check of an object of texts. Absent ones are dropped. */
export function checkTextMap(column: Column, map: TextMap): ColumnCheck {
  const finish = checkJson(column);
  return (value, now) => {
    if (!isObject(value)) return problem(column, 'WRONG_TYPE', 'be a JSON object of texts', value);
    const entries = Object.entries(value).filter(([, text]) => !isAbsent(text));
    if (entries.length > map.most)
      return problem(column, 'TOO_LONG', `have at most ${map.most} keys; it has ${entries.length}`);
    for (const entry of entries) {
      const wrong = checkEntry(column, map, entry);
      if (wrong !== null) return wrong;
    }
    return finish(Object.fromEntries(entries), now);
  };
}

const isAbsent = (text: unknown): boolean => text === null || text === undefined || text === '';

function checkEntry(
  column: Column,
  { keyLength, valueLength }: TextMap,
  [key, text]: readonly [string, unknown],
): Problem | null {
  if (key === '' || key.length > keyLength)
    return problem(column, 'INVALID_VALUE', `have keys of 1 to ${keyLength} characters`, key);
  if (typeof text !== 'string')
    return problem(column, 'WRONG_TYPE', `hold only texts: send ${show(key)} as text`, text);
  if (text.length <= valueLength) return null;
  const wanted = `have values of at most ${valueLength} characters; that of ${show(key)} has ${text.length}`;
  return problem(column, 'TOO_LONG', wanted);
}

function inexactNumber(column: Column, { path, number }: FoundNumber): Problem {
  const where = firstCharacters(`${column.name}${path}`, MAX_SHOWN_LENGTH);
  const wanted = 'hold only numbers from -(2^53 - 1) to 2^53 - 1, which are stored as sent';
  return problem(column, 'OUT_OF_RANGE', `${wanted}: send ${where} as text; it was read as ${number}`);
}
