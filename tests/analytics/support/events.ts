import fc from 'fast-check';
import type { Column, ColumnValue } from '../../../src/core/dataset/column.ts';
import type { Row } from '../../../src/core/dataset/row.ts';
import type { EntityTable } from '../../../src/core/dataset/table.ts';
import { ATTRIBUTES } from './attributes.ts';
import { TAG_MAPS } from './tags.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Instants near which events happen: clock changes of New York and of Lord Howe (by half an hour),
 * the turn of a year, an ordinary day.
 */
const MOMENTS = [
  '2026-03-08T07:00:00Z',
  '2026-11-01T06:00:00Z',
  '2026-04-04T15:00:00Z',
  '2026-10-03T15:30:00Z',
  '2025-12-31T23:59:59.999Z',
  '2026-06-17T11:22:33.444Z',
].map((text) => Date.parse(text));

const TEXTS = ['openai', 'OpenAI', 'o', '100%', 'a_b', "it's", 'é🙂', '\uffee'];
/**
 * Text that JSON escapes, that LIKE and JSON paths treat specially, or that differs only by case.
 */
const TAGS = ['a', 'A', 'ab', '"', '\\', '\n', '%', '$', '1', 'null', 'é🙂', '["a"]'];
const HELD: Readonly<Record<string, readonly string[] | undefined>> = {
  attributes: ATTRIBUTES,
  tags: TAG_MAPS,
};
/** Values for a filter on an attribute. */
const ATTRIBUTE_VALUES = [0, 1, 1.5, -2.5, 'x', '1', 'é', 'é🙂', '', true, false];
const MESSAGES = ['rate limit 100% of a_b', 'Rate limit', "it's é🙂 broken", ''];

/** The time window of a run: seconds, hours or weeks around a moment. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export const windows: fc.Arbitrary<Window> = fc
  .tuple(
    fc.constantFrom(...MOMENTS),
    fc.constantFrom(MINUTE, 40 * MINUTE, 5 * HOUR, 3 * DAY, 40 * DAY, 400 * DAY),
  )
  .map(([moment, reach]) => ({ from: moment - reach, to: moment + reach }));

/** Instants of the window: any millisecond, or exactly on a minute, an hour or a day. */
export function instantsOf({ from, to }: Window): fc.Arbitrary<number> {
  return fc
    .tuple(fc.integer({ min: from, max: to }), fc.constantFrom(1, 1, MINUTE, HOUR, DAY))
    .map(([instant, unit]) => Math.floor(instant / unit) * unit);
}

function valuesOf(column: Column, instants: fc.Arbitrary<number>): fc.Arbitrary<ColumnValue> {
  const value = presentValuesOf(column, instants);
  return column.optional ? fc.option(value, { nil: null, freq: 3 }) : value;
}

function presentValuesOf(column: Column, instants: fc.Arbitrary<number>): fc.Arbitrary<ColumnValue> {
  switch (column.kind) {
    case 'uuid':
      return fc.uuid({ version: 4 });
    case 'timestamp':
      return instants;
    case 'boolean':
      return fc.boolean();
    case 'enum':
      return fc.constantFrom(...Object.keys(column.values ?? {}));
    case 'json':
      return fc.constantFrom(...(HELD[column.name] ?? ['{"a":1}']));
    case 'texts':
      return fc.uniqueArray(fc.constantFrom(...TAGS), { maxLength: 3 }).map((list) => JSON.stringify(list));
    case 'text':
      return column.role === 'dimension'
        ? fc.constantFrom(...TEXTS.slice(0, 6), ...TEXTS)
        : fc.constantFrom(...MESSAGES);
    case 'money':
      // Sums stay below 2^53, so that they are exact in a double.
      return fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 1e12 }));
    case 'float':
      return fc.oneof(
        fc.constantFrom(0, 1, 1e-6),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true, noDefaultInfinity: true }),
      );
    default:
      return integersOf(column);
  }
}

function integersOf(column: Column): fc.Arbitrary<number> {
  if (column.role === 'dimension') {
    return fc.constantFrom(
      ...[1, 2, 10, 200, 429, 500].filter(
        (value) => value >= (column.min ?? 0) && value <= (column.max ?? 0),
      ),
    );
  }
  return fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 100_000 }), fc.constant(2 ** 31 - 1));
}

/** A row of the dataset without its project; several may share an id, as retries do. */
export function rowsOf(dataset: EntityTable, window: Window): fc.Arbitrary<Row> {
  const instants = instantsOf(window);
  return fc.tuple(...dataset.columns.map((column) => valuesOf(column, instants)));
}

/** The rows with the project, and only the first of several rows with the same id. */
export function storedRows(dataset: EntityTable, rows: readonly Row[]): Row[] {
  const seen = new Set<ColumnValue>();
  const id = dataset.at.id;
  return rows.filter((row) => {
    const fresh = !seen.has(row[id] as ColumnValue);
    seen.add(row[id] as ColumnValue);
    return fresh;
  });
}

/** Stored values for a filter on the column: some that occur, and some that do not. */
export function filterValuesOf(column: Column, window: Window): fc.Arbitrary<string | number | boolean> {
  if (column.kind === 'text') return fc.constantFrom(...TEXTS, ...MESSAGES, 'rate', '%', '_', 'A');
  if (column.path !== undefined) return fc.constantFrom<string | number | boolean>(...ATTRIBUTE_VALUES);
  if (column.kind === 'texts') return fc.constantFrom(...TAGS, '', 'b');
  if (column.kind === 'integer') return fc.oneof(integersOf(column), fc.constantFrom(1.5, 3e9, 0));
  return presentValuesOf(column, instantsOf(window)).filter((value) => value !== null) as fc.Arbitrary<
    string | number | boolean
  >;
}
