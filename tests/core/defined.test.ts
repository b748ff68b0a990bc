import { expect, it } from 'vitest';
import { numberAt, textAt } from '../../src/core/dataset/row.ts';
import { defined } from '../../src/core/defined.ts';

it('returns each value except undefined', () => {
  expect([0, '', false, null].map((value) => defined(value))).toEqual([0, '', false, null]);
  expect(() => defined([1, 2][2])).toThrow(TypeError);
});

it('reads the texts and the numbers of a row', () => {
  const row = ['default', 7, null];
  expect([textAt(row, 0), numberAt(row, 1)]).toEqual(['default', 7]);
  for (const index of [1, 2, 3]) expect(() => textAt(row, index)).toThrow(`A row has no text at ${index}.`);
  for (const index of [0, 2, 3])
    expect(() => numberAt(row, index)).toThrow(`A row has no number at ${index}.`);
});
