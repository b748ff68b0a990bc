import { analyse } from 'scslre';
import { expect, test } from 'vitest';
import { maskSecrets } from '../../../src/core/mask-secrets.ts';
import { SECRET_GROUPS } from '../../../src/core/secrets/groups.ts';
import { TEXTS } from './text-shapes.ts';
import { TOKENS } from './token-shapes.ts';

/** The ways in which the work of a search for a pattern may grow faster than the text. */
function superLinear(pattern: RegExp): string[] {
  return analyse(pattern, { reportTypes: { Move: true, Self: true, Trade: true } }).reports.map(
    ({ type, exponential }) => `${type}${exponential ? ', exponential' : ''}`,
  );
}

const PATTERNS = SECRET_GROUPS.flatMap(({ hint, patterns }) => [
  { name: 'hint of a group', regexp: hint },
  ...patterns.map(({ name, pattern }) => ({ name, regexp: pattern })),
  ...patterns.flatMap(({ name, hint: own }) => (own ? [{ name: `hint of ${name}`, regexp: own }] : [])),
]);

test.each([/x[\w-]+y/, /\s+$/, /(?:a+)+$/, /a*a*b/])('the analysis reports %s', (pattern) => {
  expect(superLinear(pattern)).not.toEqual([]);
});

test.each(PATTERNS)('takes linear time: $name', ({ regexp }) => {
  expect(superLinear(regexp)).toEqual([]);
});

const BEGINNINGS = [
  ...TOKENS.map(([, token]) => token.slice(0, Math.ceil(token.length / 3))),
  ...TEXTS.map(([text]) => text.slice(0, Math.ceil(text.length / 2))),
];

test.each([...new Set(BEGINNINGS)])(
  'ends on 200,000 characters of %j, on which quadratic work would last minutes',
  (text) => {
    expect(maskSecrets(text.repeat(Math.ceil(200_000 / text.length)))).toBeTypeOf('string');
  },
);
