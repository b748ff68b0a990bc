import { expect, test } from 'vitest';
import { compareAnswer } from '../../../src/domains/catalog/validation-tests/compare-answer.ts';

const EXPECTED = { metric: { name: 'Revenue', tags: ['a'] } };

test.each<[string, Record<string, unknown>, string | null]>([
  ['the same', { metric: { tags: ['a'], name: 'Revenue' } }, null],
  [
    'another value',
    { metric: { name: 'Costs', tags: ['a'] } },
    '1 difference, at metric.name: expected "Revenue", got "Costs".',
  ],
  [
    'a missing value',
    { metric: { name: 'Revenue', tags: [] } },
    '1 difference, at metric.tags.0: "a" is missing.',
  ],
  ['more than expected', { ...EXPECTED, extra: 1 }, '1 difference, at extra: 1 was not expected.'],
  [
    'two differences',
    { metric: null, extra: 1 },
    '2 differences, the first at metric: expected {"name":"Revenue","tags":["a"]}, got null.',
  ],
])('%s', (_what, data, message) => {
  const verdict = compareAnswer(EXPECTED, { data });
  expect(verdict).toMatchObject({ status: message === null ? 'PASSED' : 'FAILED', message, actual: data });
  expect(verdict.difference === null).toBe(message === null);
});

test('an answer with errors is an ERROR', () => {
  const errors = [
    { message: 'First', path: ['metrics', 0, 'name'] },
    { message: 'Half a character \ud83d and a NUL \0', path: [] },
  ];
  expect(compareAnswer(EXPECTED, { errors })).toEqual({
    status: 'ERROR',
    message: 'metrics.0.name: First\nHalf a character \ufffd and a NUL \ufffd',
    difference: null,
    differences: [],
    truncated: false,
    actual: null,
  });
});

test('large differences are stored short and well-formed', () => {
  const long = '😀'.repeat(50_000);
  const expected = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`field_${index}`, long]));
  const { differences, truncated, difference, message } = compareAnswer(expected, { data: {} });
  expect([differences.length, truncated]).toEqual([100, true]);
  const text = JSON.stringify(difference);
  expect(text.length).toBeLessThanOrEqual(100_000);
  expect((difference as object[]).length).toBeGreaterThan(50);
  expect(text).not.toMatch(/\\ud/);
  expect(message).toMatch(/^100 or more differences, the first at field_0: "(😀)+/u);
  expect((message as string).length).toBeLessThan(300);
});

test('stored differences leave out text that cannot be stored, but answers show all of it', () => {
  const data = { 'a\0': ['b\0', { '\ud83d': 'c\udc00d', e: '\\u0000 😀' }] };
  const { differences, difference, message } = compareAnswer({}, { data });
  expect(differences).toEqual([
    { path: 'a\0', kind: 'UNEXPECTED', expected: undefined, actual: data['a\0'] },
  ]);
  expect(difference).toEqual([
    { path: 'a\ufffd', kind: 'UNEXPECTED', actual: ['b\ufffd', { '\ufffd': 'c\ufffdd', e: '\\u0000 😀' }] },
  ]);
  expect(message).not.toMatch(/\0|\p{Surrogate}/u);
});
