import { isDeeperThan } from '../../../core/json-depth.ts';
import { type Difference, type JsonDifference, jsonDifference } from '../../../core/json-difference.ts';
import type { QueryError, QueryRun } from '../../../graphql/run-query.ts';
import type { TestResult } from './record-result.ts';

/** The result of a run of a test. */
export interface Verdict extends JsonDifference, Omit<TestResult, 'ranAt'> {
  /** The `data` of the answer; null if there is none. */
  readonly actual: unknown;
}

/**
 * Stored values are cut to this many characters of JSON: a difference can be as large as the
 * answer.
 */
const MAX_STORED_VALUE = 1000;
/**
 * Deeper values are stored as text: inside the list of differences, they could be too deep for the
 * column.
 */
const MAX_STORED_LEVELS = 50;
/** Maximum number of characters in the column. */
const MAX_STORED = 100_000;
const MAX_QUOTED_VALUE = 100;

/** Compares the answer of a test's query with the expected result. */
export function compareAnswer(expected: unknown, run: QueryRun): Verdict {
  if ('errors' in run) {
    const message = run.errors.map(describeError).join('\n');
    return { status: 'ERROR', message, difference: null, differences: [], truncated: false, actual: null };
  }
  const { differences, truncated } = jsonDifference(expected, run.data);
  const [first] = differences;
  const found = { differences, truncated, actual: run.data };
  if (first === undefined) return { ...found, status: 'PASSED', message: null, difference: null };
  const message = storable(
    `${count(differences, truncated)} ${first.path || 'the top'}: ${describeDifference(first)}`,
  );
  return { ...found, status: 'FAILED', message, difference: toStored(differences) };
}

function describeError({ message, path }: QueryError): string {
  return storable(path.length === 0 ? message : `${path.join('.')}: ${message}`);
}

function count({ length }: readonly Difference[], truncated: boolean): string {
  if (length === 1) return '1 difference, at';
  return `${length}${truncated ? ' or more' : ''} differences, the first at`;
}

function describeDifference({ kind, expected, actual }: Difference): string {
  if (kind === 'MISSING') return `${cutJson(expected, MAX_QUOTED_VALUE)} is missing.`;
  if (kind === 'UNEXPECTED') return `${cutJson(actual, MAX_QUOTED_VALUE)} was not expected.`;
  return `expected ${cutJson(expected, MAX_QUOTED_VALUE)}, got ${cutJson(actual, MAX_QUOTED_VALUE)}.`;
}

/** The first differences, as many as fit into the column. */
function toStored(differences: readonly Difference[]): readonly object[] {
  let left = MAX_STORED - '[]'.length;
  const stored: object[] = [];
  for (const { path, kind, expected, actual } of differences) {
    const [shownExpected, shownActual] = [expected, actual].map((value) => storableJson(shortened(value)));
    const difference = { path: storable(path), kind, expected: shownExpected, actual: shownActual };
    left -= JSON.stringify(difference).length + ','.length;
    if (left < 0) break;
    stored.push(difference);
  }
  return stored;
}

/**
 * The value; if it is long or deep, the beginning of its JSON as text. Undefined stays undefined.
 */
function shortened(value: unknown): unknown {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) return undefined;
  const isSmall = text.length <= MAX_STORED_VALUE && !isDeeperThan(MAX_STORED_LEVELS, value);
  return isSmall ? value : cutJson(value, MAX_STORED_VALUE);
}

function cutJson(value: unknown, length: number): string {
  const text = JSON.stringify(value);
  return text.length > length ? storable(`${text.slice(0, length)}…`) : text;
}

/**
 * Replaces NUL and halves of surrogate pairs, which cannot be stored. Messages quote what they
 * reject, and may cut the quotation within a character.
 */
function storable(text: string): string {
  return text.replaceAll('\0', '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd');
}

/**
 * Makes the texts and names of a value storable: an answer may echo text that no database can
 * store. The value must be small.
 */
function storableJson(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map(storableJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [storable(name), storableJson(one)]));
}
