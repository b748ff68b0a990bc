import { isDeeperThan } from '../../../core/json-depth.ts';
import { type Difference, type JsonDifference, jsonDifference } from '../../../core/json-difference.ts';
import type { QueryError, QueryRun } from '../../../graphql/run-query.ts';
import type { TestResult } from './record-result.ts';

/** What a run of a test showed. */
export interface Verdict extends JsonDifference, Omit<TestResult, 'ranAt'> {
  /** The `data` of the answer; null when it came to none. */
  readonly actual: unknown;
}

/**
 * A stored value is cut to so many characters of its JSON: a difference can be as large as the
 * answer.
 */
const MAX_STORED_VALUE = 1000;
/**
 * A deeper value is stored as text: with the list of differences around it, it could be too deep
 * for the column.
 */
const MAX_STORED_LEVELS = 50;
/** What the column holds. */
const MAX_STORED = 100_000;
const MAX_TOLD_VALUE = 100;

/** Judges what a test's query answered. */
export function judge(expected: unknown, run: QueryRun): Verdict {
  if ('errors' in run) {
    const message = run.errors.map(tellError).join('\n');
    return { status: 'ERROR', message, difference: null, differences: [], truncated: false, actual: null };
  }
  const { differences, truncated } = jsonDifference(expected, run.data);
  const [first] = differences;
  const found = { differences, truncated, actual: run.data };
  if (first === undefined) return { ...found, status: 'PASSED', message: null, difference: null };
  const message = storable(`${count(differences, truncated)} ${first.path || 'the top'}: ${tell(first)}`);
  return { ...found, status: 'FAILED', message, difference: toStored(differences) };
}

function tellError({ message, path }: QueryError): string {
  return storable(path.length === 0 ? message : `${path.join('.')}: ${message}`);
}

function count({ length }: readonly Difference[], truncated: boolean): string {
  if (length === 1) return '1 difference, at';
  return `${length}${truncated ? ' or more' : ''} differences, the first at`;
}

function tell({ kind, expected, actual }: Difference): string {
  if (kind === 'MISSING') return `${cutJson(expected, MAX_TOLD_VALUE)} is missing.`;
  if (kind === 'UNEXPECTED') return `${cutJson(actual, MAX_TOLD_VALUE)} was not expected.`;
  return `expected ${cutJson(expected, MAX_TOLD_VALUE)}, got ${cutJson(actual, MAX_TOLD_VALUE)}.`;
}

/** As many of the first differences as the column holds. */
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
 * The value, or the beginning of its JSON as text where that is long or deep. Undefined stays
 * undefined.
 */
function shortened(value: unknown): unknown {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return undefined;
  const isSmall = text.length <= MAX_STORED_VALUE && !isDeeperThan(MAX_STORED_LEVELS, value);
  return isSmall ? value : cutJson(value, MAX_STORED_VALUE);
}

function cutJson(value: unknown, length: number): string {
  const text = JSON.stringify(value);
  return text.length > length ? storable(`${text.slice(0, length)}…`) : text;
}

/**
 * Messages quote what they refuse, be it cut in the middle of a character; neither NUL nor half a
 * character can be stored.
 */
function storable(text: string): string {
  return text.replaceAll('\0', '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd');
}

/** A small value whose texts and names can be stored: answers may echo what no database holds. */
function storableJson(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map(storableJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [storable(name), storableJson(one)]));
}
