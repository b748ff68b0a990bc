import { expect, it } from 'vitest';
import { fitEscaped } from '../../../../src/alerting/delivery/channels/wording.ts';

const escapeCharacter = (character: string) => (character === '&' ? '&amp;' : character);

it.each([
  ['', 5, ''],
  ['abcde', 5, 'abcde'],
  ['abcdef', 5, 'abcd…'],
  ['&', 5, '&amp;'],
  ['a&', 5, 'a…'],
  ['&&', 5, '…'],
  ['&&', 6, '&amp;…'],
  ['🎉🎉🎉', 5, '🎉🎉…'],
  ['🎉🎉🎉', 4, '🎉…'],
])('as much of %j as fits into %i characters is %j', (text, maxLength, expected) => {
  expect(fitEscaped(text, maxLength, escapeCharacter)).toBe(expected);
});
