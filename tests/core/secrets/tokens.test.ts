import { expect, test } from 'vitest';
import { maskSecrets } from '../../../src/core/mask-secrets.ts';
import { TOKEN_FORMS } from '../../../src/core/secrets/tokens.ts';
import { TOKENS } from './token-shapes.ts';

/** Tokens that look like other text until they are nearly complete. */
const ONLY_WHOLE = /^(?:Discord bot|Fireworks|Mailgun|Resend|Twilio)/;

test.each(TOKENS)('masks a token of %s', (_, token) => {
  expect(maskSecrets(token)).toBe('***');
  expect(maskSecrets(`Refused: ${token}, try again.`)).toBe('Refused: ***, try again.');
  expect(maskSecrets(`{"used":["${token}"]}`)).toBe('{"used":["***"]}');
  expect(maskSecrets(`"line\\n${token}"`)).toBe('"line\\n***"');
  expect(maskSecrets(`/v2/${token}?page=2`)).toBe('/v2/***?page=2');
});

test.each(TOKENS.filter(([name]) => !ONLY_WHOLE.test(name)))(
  'masks two thirds of a token of %s',
  (_, token) => {
    expect(maskSecrets(`Refused: ${token.slice(0, Math.ceil((token.length * 2) / 3))}`)).toBe('Refused: ***');
  },
);

test('every prefix has a token in the table', () => {
  const prefixes = TOKEN_FORMS.flatMap((form) => form.prefixes);
  expect(prefixes.filter((prefix) => !TOKENS.some(([, token]) => token.startsWith(prefix)))).toEqual([]);
  expect(TOKENS.length).toBeGreaterThan(100);
});

test('every form names its source', () => {
  expect(TOKEN_FORMS.filter(({ source }) => !/^gitleaks: |\.|RFC/.test(source))).toEqual([]);
});
