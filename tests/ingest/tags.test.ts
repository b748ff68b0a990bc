import { expect, it } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { CALL, check } from './support/check.ts';

const keys = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key ${index}`, 'x']));

it.each([
  ['texts', { team: 'search', repo: 'ü 漢字' }, { team: 'search', repo: 'ü 漢字' }],
  ['texts, without absent ones', { team: 'search', repo: null, branch: '' }, { team: 'search' }],
  ['none', {}, {}],
  ['20 keys, not counting absent ones', { ...keys(20), none: null }, keys(20)],
  [
    'keys with the names of JavaScript properties',
    JSON.parse('{"__proto__":"x"}'),
    JSON.parse('{"__proto__":"x"}'),
  ],
  ['a secret, masked', { note: `sk-proj-${'a1B2c3D4'.repeat(5)}` }, { note: '***' }],
])('tags accept %s', (_, tags, stored) => {
  expect(check(llmCalls, { ...CALL, tags })).toMatchObject({ tags: JSON.stringify(stored) });
});

it('tags may be omitted', () => {
  expect(check(llmCalls, CALL)).toMatchObject({ tags: null });
});

it.each([
  ['a list', ['search'], 'WRONG_TYPE', 'tags must be a JSON object of texts, not ["search"].'],
  ['a text', 'search', 'WRONG_TYPE', 'tags must be a JSON object of texts, not "search".'],
  ['a number', { team: 5 }, 'WRONG_TYPE', 'tags must hold only texts: send "team" as text, not 5.'],
  ['an object', { team: {} }, 'WRONG_TYPE', 'tags must hold only texts: send "team" as text, not {}.'],
  ['21 keys', keys(21), 'TOO_LONG', 'tags must have at most 20 keys; it has 21.'],
  ['an empty key', { '': 'x' }, 'INVALID_VALUE', 'tags must have keys of 1 to 100 characters, not "".'],
  [
    'a long key',
    { ['k'.repeat(101)]: 'x' },
    'INVALID_VALUE',
    expect.stringContaining('keys of 1 to 100 characters'),
  ],
  [
    'a long text',
    { team: 'x'.repeat(201) },
    'TOO_LONG',
    'tags must have values of at most 200 characters; that of "team" has 201.',
  ],
  ['U+0000', { team: '\0' }, 'INVALID_VALUE', expect.stringContaining('U+0000')],
])('tags refuse %s', (_, tags, code, message) => {
  expect(check(llmCalls, { ...CALL, tags })).toEqual({ field: 'tags', code, message });
});
