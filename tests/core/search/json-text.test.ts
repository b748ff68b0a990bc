import { expect, test } from 'vitest';
import { jsonText } from '../../../src/core/search/json-text.ts';

test.each([
  ['a string', 'one', 'one'],
  ['a number', 1.5, '1.5'],
  ['nothing for null', null, ''],
  ['nothing for booleans', [true, false], ''],
  ['values without names, depth first', { b: ['one', { c: 2 }], a: 'three' }, 'one\n2\nthree'],
  ['empty parts', { a: [], b: {}, c: [[], 'x'] }, 'x'],
])('gives %s', (_, value, text) => {
  expect(jsonText(value, 1000)).toBe(text);
});

test.each([
  [3, 'one'],
  [4, 'one'],
  [5, 'one\nt'],
  [7, 'one\ntwo'],
  [9, 'one\ntwo\n😀'.slice(0, 8)],
  [10, 'one\ntwo\n😀'],
  [100, 'one\ntwo\n😀\nend'],
  [0, ''],
])('keeps at most %i characters, and never half of a surrogate pair', (limit, text) => {
  expect(jsonText(['one', 'two', '😀', 'end'], limit)).toBe(text);
});

test('accepts values nested as deep as memory allows', () => {
  let value: unknown = 'core';
  for (let level = 0; level < 500_000; level++) value = level % 2 === 0 ? [value] : { value };
  expect(jsonText(value, 100)).toBe('core');
});

test('reads no more of a value than it keeps', () => {
  const read: number[] = [];
  const items = Array.from({ length: 1000 }, (_, index) => ({
    get text() {
      read.push(index);
      return 'word';
    },
  }));
  expect(jsonText(items, 14)).toBe('word\nword\nword');
  expect(read).toEqual([0, 1, 2]);
});
