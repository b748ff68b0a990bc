import { describe, expect, it } from 'vitest';
import { filterOf, writtenOf } from '../../web/src/pages/shared/conditions.ts';

describe('the conditions of a filter', () => {
  it.each<[unknown, string]>([
    ['42', '"42"'],
    [42, '42'],
    ['true', '"true"'],
    [true, 'true'],
    ['gpt-4o', 'gpt-4o'],
    [' padded', '" padded"'],
  ])('write %j so that it is read as the same value', (value, written) => {
    expect(writtenOf(value)).toBe(written);
    expect(filterOf([['field', 'eq', written]])).toEqual({ and: [{ field: { eq: value } }] });
  });

  it('search for digits as text, and read lists and tags', () => {
    for (const text of ['42', '"42"'])
      expect(filterOf([['endUser', 'contains', text]])).toEqual({ and: [{ endUser: { contains: '42' } }] });
    expect(filterOf([['endUser', 'in', '"1",b']])).toEqual({ and: [{ endUser: { in: ['1', 'b'] } }] });
    expect(filterOf([['tags.team', 'eq', 'a']])).toEqual({ and: [{ tags: [{ key: 'team', eq: 'a' }] }] });
  });
});
