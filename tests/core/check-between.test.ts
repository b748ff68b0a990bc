import { expect, test } from 'vitest';
import { checkBetween } from '../../src/core/check-between.ts';
import { InvalidArgument } from '../../src/core/errors.ts';

test.each([1, 2, 500])('accepts %d for a maximum of 500', (value) => {
  expect(checkBetween(value, 500, 'first')).toBe(value);
});

test.each([0, -1, 501, 1.5, Number.NaN])('refuses %d for a maximum of 500', (value) => {
  const refused = new InvalidArgument(`\`first\` must be between 1 and 500, not ${value}.`, 'first');
  expect(() => checkBetween(value, 500, 'first')).toThrow(refused);
});
