import { describe, expect, it } from 'vitest';
import { json, text, texts } from '../../src/core/dataset/column.ts';
import { defineState } from '../../src/core/dataset/state.ts';
import { check, NOW } from './support/check.ts';

/** A state with the kinds of columns that states have in addition to those of events. */
const notes = defineState({
  name: 'notes',
  entity: 'Note',
  table: 'notes',
  description: 'A note.',
  columns: {
    slug: text({
      optional: true,
      pattern: { matches: /^[a-z][a-z0-9_]*$/, wanted: 'be lower case, such as "a_1"' },
      maxLength: 10,
      description: 'A slug.',
    }),
    tags: texts({ default: '[]', maxItems: 3, maxLength: 5, description: 'Tags.' }),
    links: texts({ optional: true, description: 'Links.' }),
    value: json({ optional: true, anyJson: true, maxLength: 20, description: 'Any value.' }),
    details: json({ optional: true, description: 'An object.' }),
  },
});

describe('a list of texts', () => {
  it.each([
    ['absent', {}, '[]', null],
    ['null', { tags: null, links: null }, '[]', null],
    ['empty', { tags: [], links: [] }, '[]', '[]'],
    [
      'of several texts',
      { tags: ['b', 'a'], links: ['"', '\\', 'é🙂'] },
      '["b","a"]',
      '["\\"","\\\\","é🙂"]',
    ],
    ['with a repeated text', { tags: ['b', 'a', 'b'] }, '["b","a"]', null],
    ['as one text', { tags: 'a', links: 'x' }, '["a"]', '["x"]'],
    ['at its limits', { tags: ['12345', '2', '3'] }, '["12345","2","3"]', null],
  ])('%s', (_case, fields, tags, links) => {
    expect(check(notes, fields)).toMatchObject({ tags, links });
  });

  it.each<[string, unknown, string, RegExp]>([
    ['a number', 5, 'WRONG_TYPE', /tags must be text, not 5/],
    ['a number among texts', ['a', 5], 'WRONG_TYPE', /be text, not 5/],
    ['null among texts', ['a', null], 'WRONG_TYPE', /be text, not null/],
    ['a list in a list', [['a']], 'WRONG_TYPE', /be text/],
    ['an empty text', ['a', ''], 'INVALID_VALUE', /not contain empty text/],
    ['a long text', ['123456'], 'TOO_LONG', /at most 5 characters; it has 6/],
    ['too many', ['1', '2', '3', '4'], 'TOO_LONG', /at most 3 items; it has 4/],
    ['U+0000', ['a\0'], 'INVALID_VALUE', /U\+0000/],
    ['half of a surrogate pair', ['\ud83d'], 'INVALID_VALUE', /surrogate/],
  ])('refuses %s', (_case, tags, code, message) => {
    expect(check(notes, { tags })).toEqual({
      field: 'tags',
      code,
      message: expect.stringMatching(message),
    });
  });
});

describe('a text with a pattern', () => {
  it.each(['a', 'revenue_1', 'abcdefghij'])('accepts %s', (slug) => {
    expect(check(notes, { slug })).toMatchObject({ slug });
  });

  it('is absent if it is empty', () => {
    expect(check(notes, { slug: '' })).toMatchObject({ slug: null });
  });

  it.each([
    ['A', 'INVALID_VALUE', /slug must be lower case, such as "a_1", not "A"\.$/],
    ['Revenue', 'INVALID_VALUE', /lower case.*"Revenue"/],
    ['a b', 'INVALID_VALUE', /lower case/],
    ['a\n', 'INVALID_VALUE', /lower case/],
    ['abcdefghijk', 'TOO_LONG', /at most 10/],
  ])('refuses %j', (slug, code, message) => {
    expect(check(notes, { slug })).toEqual({ field: 'slug', code, message: expect.stringMatching(message) });
  });
});

/** Nested lists, which parsing accepts easily. */
const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

describe('JSON', () => {
  it.each([
    ['an object', { a: [1, null] }, '{"a":[1,null]}'],
    ['a list', [1, 'a'], '[1,"a"]'],
    ['text', 'a', '"a"'],
    ['empty text', '', '""'],
    ['a number', 0, '0'],
    ['false', false, 'false'],
    ['the largest whole number', -Number.MAX_SAFE_INTEGER, '-9007199254740991'],
    ['a small number', 1.5e-300, '1.5e-300'],
    ['a number with an exponent', [-3.1e23], '[-3.1e+23]'],
    ['digits as text', '12345678901234567', '"12345678901234567"'],
  ])('of any kind accepts %s', (_case, value, stored) => {
    expect(check(notes, { value })).toMatchObject({ value: stored });
  });

  it.each([
    ['a long value', 'x'.repeat(19), 'TOO_LONG', /at most 20 characters as JSON; it has 21/],
    ['U+0000', { a: '\0' }, 'INVALID_VALUE', /U\+0000/],
    [
      'a single number whose digits are unknown',
      JSON.parse('1000000000000000000000001'),
      'OUT_OF_RANGE',
      /send value as text; it was read as 1e\+24/,
    ],
    [
      'a number too large',
      JSON.parse('12345678901234567890'),
      'OUT_OF_RANGE',
      /send value as text; it was read as 12345678901234567000/,
    ],
    ['such a number within a list', [1e16], 'OUT_OF_RANGE', /send value\[0\] as text/],
    [
      'a value that is no longer a number',
      JSON.parse('{"a":1e400}'),
      'OUT_OF_RANGE',
      /send value\.a as text; .* Infinity/,
    ],
    ['too many levels', nested(101), 'INVALID_VALUE', /at most 100 levels/],
    ['a value nested deeper than the stack', nested(100_000), 'INVALID_VALUE', /at most 100 levels/],
  ])('of any kind refuses %s', (_case, value, code, message) => {
    expect(check(notes, { value })).toEqual({
      field: 'value',
      code,
      message: expect.stringMatching(message),
    });
  });

  it('accepts 100 levels', () => {
    const details = { list: nested(99) };
    expect(check(notes, { details })).toMatchObject({ details: JSON.stringify(details) });
  });

  it.each([[[1]], ['a'], [0], [false]])('that is an object refuses %j', (details) => {
    expect(check(notes, { details })).toMatchObject({ field: 'details', code: 'WRONG_TYPE' });
  });
});

describe('the creation time of a state', () => {
  it.each([0, 1, 86_400_000])('may be %i ms ahead', (ahead) => {
    const createdAt = new Date(NOW + ahead).toISOString();
    expect(check(notes, { createdAt })).toMatchObject({ createdAt: NOW + ahead });
  });

  it('must not be further ahead', () => {
    const createdAt = new Date(NOW + 86_400_001).toISOString();
    expect(check(notes, { createdAt })).toEqual({
      field: 'createdAt',
      code: 'OUT_OF_RANGE',
      message: expect.stringMatching(/createdAt must not be more than 24 h in the future/),
    });
  });
});
