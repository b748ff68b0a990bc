import { expect, it } from 'vitest';
import { patienceOf } from '../../src/columns/patience.ts';

it.each([
  [0, 500],
  [50_000, 550],
  [5_000_000, 5_500],
  [1_000_000_000, 10_500],
])('A question about %i rows waits %i ms for the copy', (rows, milliseconds) => {
  expect(patienceOf(rows, 500)).toBe(milliseconds);
});
