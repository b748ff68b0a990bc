import { assert, integer, property, stringMatching, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyText, digestOfKey, isKeyText, startOfKey } from '../../src/access/key-text.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const anyBytes = uint8Array({ minLength: 32, maxLength: 32 });

describe('the text of a key', () => {
  it('is tlt_ and 49 characters that a scanner recognizes', () => {
    expect(createKeyText()).toMatch(/^tlt_[0-9A-Za-z]{49}$/);
  });

  it('has all 256 bits from which it was made, and the checksum of the rest', () => {
    const zeros = createKeyText((size) => new Uint8Array(size));
    // The CRC-32 of "tlt_" and 43 zeros, computed by another implementation.
    expect(zeros).toBe(`tlt_${'0'.repeat(43)}0PMQdP`);
    const ones = createKeyText((size) => new Uint8Array(size).fill(255));
    const value = [...ones.slice(4, 47)].reduce(
      (sum, digit) => sum * 62n + BigInt(BASE62.indexOf(digit)),
      0n,
    );
    expect(value).toBe(2n ** 256n - 1n);
  });

  it('differs each time', () => {
    expect(new Set(Array.from({ length: 100 }, () => createKeyText())).size).toBe(100);
  });

  it('is recognized for any bytes', () => {
    void assert(property(anyBytes, (bytes) => isKeyText(createKeyText(() => bytes))));
  });

  it('is not recognized if one character differs', () => {
    const changed = property(
      anyBytes,
      integer({ min: 0, max: 52 }),
      integer({ min: 1, max: 61 }),
      (bytes, at, distance) => {
        const text = createKeyText(() => bytes);
        const digit = BASE62[(BASE62.indexOf(text[at] ?? '') + distance + 62) % 62];
        const mistyped = `${text.slice(0, at)}${digit}${text.slice(at + 1)}`;
        return mistyped === text || !isKeyText(mistyped);
      },
    );
    void assert(changed, { numRuns: 1000 });
  });

  it('is not recognized if two adjacent characters are swapped', () => {
    void assert(
      property(anyBytes, integer({ min: 4, max: 51 }), (bytes, at) => {
        const text = createKeyText(() => bytes);
        const mistyped = `${text.slice(0, at)}${text[at + 1]}${text[at]}${text.slice(at + 2)}`;
        return mistyped === text || !isKeyText(mistyped);
      }),
    );
  });

  it('is no other text of this form', () => {
    // One of 4 * 10^9 texts would be recognized.
    void assert(property(stringMatching(/^tlt_[0-9A-Za-z]{49}$/), (text) => !isKeyText(text)));
  });

  it.each([
    ['nothing', () => ''],
    ['the prefix alone', () => 'tlt_'],
    ['a key that is cut', (key: string) => key.slice(0, -1)],
    ['a key with a line break', (key: string) => `${key}\n`],
    ['a key with another prefix', (key: string) => key.replace('tlt_', 'ghp_')],
    ['a key in capitals', (key: string) => key.toUpperCase()],
  ])('is not %s', (_, change) => {
    expect(isKeyText(change(createKeyText()))).toBe(false);
  });
});

describe('what is stored of a key', () => {
  it('is a SHA-256', () => {
    expect(digestOfKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('shows its first twelve characters', () => {
    const key = createKeyText();
    expect(startOfKey(key)).toBe(key.slice(0, 12));
  });
});
