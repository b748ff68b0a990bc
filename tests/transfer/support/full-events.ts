import { type Column, mayBeAbsent } from '../../../src/core/dataset/column.ts';
import type { Dataset } from '../../../src/core/dataset/dataset.ts';
import { defined } from '../../../src/core/defined.ts';
import { uuidOf } from '../../support/events.ts';

/** Texts that formats may change: quotes, separators, line breaks, formulas, other scripts. */
const TEXTS = [
  'plain',
  'null',
  ' "quoted", and; more ',
  'line\r\nbreak\nand\ttab',
  '=1+1',
  "'=1+1",
  '-5',
  'ü 漢字 😀 \u2028',
  '\\N',
  '{"not": json}',
];

const JSON_VALUES = [
  { number: Number.MAX_SAFE_INTEGER, tiny: 1e-7, list: [null, true, '=1+1', 'ü'], empty: {}, '': '' },
  { 'a.b': { c: [[]] }, text: 'line\nbreak' },
];

/** Other values that a column with `anyJson` may hold. */
const ANY_JSON = ['a text', '5', -5, true, [1, 'x'], ''];

/**
 * Events of a dataset with a value in every column that accepts one, each of another kind, and one
 * event with only the required values.
 */
export function fullEvents(dataset: Dataset): Readonly<Record<string, unknown>>[] {
  const inputs = dataset.columns.filter(({ source }) => source !== 'server');
  const full = TEXTS.map((_, number) =>
    Object.fromEntries(inputs.map((column) => [column.name, valueFor(column, number)])),
  );
  const least = inputs.filter((column) => !mayBeAbsent(column));
  return [...full, Object.fromEntries(least.map((column) => [column.name, valueFor(column, TEXTS.length)]))];
}

function valueFor(column: Column, number: number): unknown {
  switch (column.name) {
    case 'commitHash':
      return number.toString(16).padStart(40, '0');
    case 'requestId':
    case 'generationId':
      return `key ${number} ${TEXTS[number] ?? ''}`;
    case 'statusCode':
      return 200;
    case 'decision':
      return number % 2 === 0 ? 'ACCEPTED' : 'AUTO';
    case 'totalTokens':
      return 2 ** 31 - 1;
    case 'ipAddress':
      return '203.0.113.7';
    default:
      return plainValue(column, number);
  }
}

function plainValue(column: Column, number: number): unknown {
  const { index, kind, min = 0, max = 100, maxLength = 100 } = column;
  switch (kind) {
    case 'uuid':
      return uuidOf(number + 1);
    case 'text':
      if (column.mayBeEmpty && number === 1) return '';
      return defined(TEXTS[(number + index) % TEXTS.length]).slice(0, maxLength);
    case 'texts':
      return number % 2 === 0 ? TEXTS.slice(0, 3) : ['one, "two"'];
    case 'enum': {
      const names = Object.keys(column.values ?? {});
      return names[number % names.length];
    }
    case 'integer':
      return Math.min(max, min + number);
    case 'float':
      return Math.min(max, min + number / 4);
    case 'money':
      return (2 ** 51 - number) / 1e9;
    case 'boolean':
      return column.name === 'success' || number % 2 === 0;
    case 'timestamp':
      return new Date(Date.UTC(2026, 0, 1) + number * 1001 + index).toISOString();
    case 'duration':
      return 'PT5M';
    case 'json':
      if (column.texts !== undefined) return { team: TEXTS[number] ?? 'search', 'a.b "c"': 'ü' };
      if (column.anyJson && number % 2 === 1) return ANY_JSON[(number >> 1) % ANY_JSON.length];
      return JSON_VALUES[number % JSON_VALUES.length];
  }
}
