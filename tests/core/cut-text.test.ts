import { expect, test } from 'vitest';
import { cutText, firstCharacters } from '../../src/core/cut-text.ts';

test.each([
  ['', 3, '', ''],
  ['abc', 3, 'abc', 'abc'],
  ['abcd', 3, 'abc', 'ab…'],
  ['ab😀', 4, 'ab😀', 'ab😀'],
  ['ab😀d', 4, 'ab😀', 'ab…'],
  ['a😀cd', 4, 'a😀c', 'a😀…'],
  ['abc😀', 4, 'abc', 'abc…'],
  ['😀😀😀', 5, '😀😀', '😀😀…'],
])('%j cut to %i units is %j, and with an ellipsis %j', (text, length, start, cut) => {
  expect(firstCharacters(text, length)).toBe(start);
  expect(cutText(text, length)).toBe(cut);
});
