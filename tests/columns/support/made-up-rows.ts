import type { Column } from '../../../src/core/dataset/column.ts';
import type { Dataset } from '../../../src/core/dataset/dataset.ts';
import { NOON, rowOf } from '../../storage/support/calls.ts';
import { uuidOf } from '../../support/events.ts';

const TEXTS = ['a', '"quoted", [1]', 'é🙂', '\uffee', 'line\nbreak\\', 'null', '0', ' '];
const NUMBERS = [0, 0.1, 1e-300, 9_007_199_254_740_991, 123.456];

/**
 * Different values in each row, including values that JSON must escape and values that are easily
 * rounded.
 */
function madeUp(column: Column, row: number) {
  if (column.optional && row % 4 === 3) return null;
  switch (column.kind) {
    case 'uuid':
      return uuidOf(row + 1);
    case 'timestamp':
      return NOON + row;
    case 'integer':
      return row % 2 === 0 ? 2_147_483_647 : row;
    case 'money':
      return 9_000_000_000_000_000 - row;
    case 'float':
      return NUMBERS[row % NUMBERS.length] ?? 0;
    case 'boolean':
      return row % 2 === 0;
    case 'enum':
      return Object.keys(column.values ?? {})[row % 2] ?? '';
    case 'json':
      return column.texts === undefined ? '{}' : JSON.stringify({ team: TEXTS[row % TEXTS.length] });
    case 'texts':
      return '["a"]';
    default:
      return column.name === 'projectId' ? 'default' : (TEXTS[row % TEXTS.length] ?? '');
  }
}

export const madeUpRows = (dataset: Dataset, count: number) =>
  Array.from({ length: count }, (_, row) =>
    rowOf(dataset, Object.fromEntries(dataset.columns.map((column) => [column.name, madeUp(column, row)]))),
  );
