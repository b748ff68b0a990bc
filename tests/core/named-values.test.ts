import { expect, it } from 'vitest';
import { optionalTextOf, textOf } from '../../src/core/dataset/named-values.ts';

const VALUES = { service: 'checkout', environment: null, potencyLevel: 3 };

it('reads the texts of a group', () => {
  expect(textOf(VALUES, 'service')).toBe('checkout');
  expect([optionalTextOf(VALUES, 'environment'), optionalTextOf(VALUES, 'model')]).toEqual([null, null]);
});

it('names what is not text', () => {
  expect(() => textOf(VALUES, 'environment')).toThrow('environment is absent.');
  expect(() => optionalTextOf(VALUES, 'potencyLevel')).toThrow('potencyLevel is not text.');
});
