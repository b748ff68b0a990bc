import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExactJson, readNumber, withVisibleLosses } from '../../src/core/exact-json.ts';
import { findInexactNumber } from '../../src/core/inexact-number.ts';

describe('readNumber', () => {
  it.each([
    '1e24',
    '1000000000000000000000000',
    '-3.1e23',
    '1e400',
    '0.1234567890123456789',
    '0.1000000000000000055511151231257827',
    '17976931348623157e292',
  ])('reads %s as JSON.parse does', (text) => {
    expect(readNumber(text)).toBe(Number(text));
  });

  it.each(['1000000000000000000000001', '-1000000000000000000000001', '10000000000000000001e3'])(
    'shows that %s lost digits',
    (text) => {
      expect(findInexactNumber(readNumber(text))).not.toBeNull();
    },
  );
});

describe('JSON', () => {
  it('never hides that an integer lost digits, wherever it stands', () => {
    const integer = fc.stringMatching(/^[1-9][0-9]{0,40}$/);
    fc.assert(
      fc.property(integer, fc.integer({ min: 0, max: 40 }), (digits, zeros) => {
        const text = `${digits}${'0'.repeat(zeros)}`;
        const value = parseExactJson(`{"text":"a\\"${text}","list":[{"n":-${text}}]}`);
        expect(value).toMatchObject({ text: `a"${text}` });
        if (findInexactNumber(value) !== null) return;
        const [n] = (value as { list: { n: number }[] }).list.map((item) => item.n);
        expect(toDecimal(Math.abs(n ?? 0))).toBe(text);
      }),
    );
  });

  it('may have texts of any length beside such a number', () => {
    const long = 'x\\\\\\"'.repeat(1_000_000);
    const value = parseExactJson(`{"n":1${'0'.repeat(23)}1,"text":"${long}"}`);
    expect(value).toMatchObject({ text: 'x\\"'.repeat(1_000_000) });
    expect(findInexactNumber((value as { n: number }).n)).not.toBeNull();
  });

  it('stays as it is without such a number', () => {
    const text = `{"a":"1${'0'.repeat(23)}1","b":${'1'.repeat(30)},"c":1733000000000000000,"d":0.${'1'.repeat(30)}}`;
    expect(withVisibleLosses(text)).toBe(text);
    // A double as Decimal of Python writes it.
    const fraction =
      '[0.1000000000000000055511151231257827021181583404541015625, 3.0000000000000000000000001e30]';
    expect(withVisibleLosses(fraction)).toBe(fraction);
  });
});

/** The shortest form of a double, written out. */
function toDecimal(number: number): string {
  const [digits = '', exponent = '0'] = String(number).split('e+');
  const [whole = '', decimals = ''] = digits.split('.');
  return `${whole}${decimals}`.padEnd(whole.length + Number(exponent), '0');
}
