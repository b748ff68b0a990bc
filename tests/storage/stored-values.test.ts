import { expect, it } from 'vitest';
import { isNameIn, membersOf, nameIn, textsIn } from '../../src/storage/stored-values.ts';

const SET = { OPEN: 'open', RESOLVED: 'over' };

it('returns valid values', () => {
  expect(textsIn(['a', 'b'])).toEqual(['a', 'b']);
  expect(membersOf({ a: 1 })).toEqual({ a: 1 });
  expect(membersOf(null)).toEqual({});
  expect(nameIn(SET, 'OPEN')).toBe('OPEN');
  expect([isNameIn(SET, 'RESOLVED'), isNameIn(SET, 'toString')]).toEqual([true, false]);
});

it.each([['text'], [['a', 1]], [null], [{}]])('refuses %j as a list of texts', (value) => {
  expect(() => textsIn(value)).toThrow(expect.objectContaining({ trouble: 'DAMAGED' }));
});

it.each([['text'], [['a']], [1]])('refuses %j as an object', (value) => {
  expect(() => membersOf(value)).toThrow(expect.objectContaining({ trouble: 'DAMAGED' }));
});

it('names a value that is not in its set, which a newer version may have stored', () => {
  expect(() => nameIn(SET, 'MUTED')).toThrow(
    expect.objectContaining({
      message: 'A column of the database holds MUTED, which is not one of OPEN, RESOLVED.',
      trouble: 'UNKNOWN_VALUE',
    }),
  );
});
