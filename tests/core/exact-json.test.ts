import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasInexactNumber, parseExactJson } from '../../src/core/exact-json.ts';
import { findInexactNumber } from '../../src/core/inexact-number.ts';

describe('a number in JSON', () => {
  it.each(['1e24', '1000000000000000000000000', '-3.1e23', '0.1234567890123456789', '17976931348623157e292'])(
    'may be %s',
    (text) => {
      expect(parseExactJson(`[${text}]`)).toEqual([Number(text)]);
      expect(hasInexactNumber(text)).toBe(false);
    },
  );

  it.each(['1000000000000000000000001', '-1000000000000000000000001', '10000000000000000001e3'])(
    'is read as the nearest double and reported as inexact: %s',
    (text) => {
      const value = parseExactJson(`{"a":[1e24,{"n":${text}}]}`);
      expect(value).toEqual({ a: [1e24, { n: Number(text) }] });
      expect(findInexactNumber(value)).toEqual({ path: '.a[1].n', number: Number(text) });
    },
  );
});

describe('JSON', () => {
  it('never hides that an integer lost digits, wherever it is', () => {
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

  it('may contain texts of any length beside such a number', () => {
    const long = 'x\\\\\\"'.repeat(1_000_000);
    const value = parseExactJson(`{"n":1${'0'.repeat(23)}1,"text":"${long}"}`);
    expect(value).toMatchObject({ text: 'x\\"'.repeat(1_000_000) });
    expect(findInexactNumber(value)?.path).toBe('.n');
  });

  it('is parsed as usual without such a number', () => {
    const text = `{"a":"1${'0'.repeat(23)}1","b":${'1'.repeat(30)},"c":1733000000000000000,"d":0.${'1'.repeat(30)}}`;
    expect(hasInexactNumber(text)).toBe(false);
    // A double as Python's Decimal writes it.
    const fraction =
      '[0.1000000000000000055511151231257827021181583404541015625, 3.0000000000000000000000001e30]';
    expect(hasInexactNumber(fraction)).toBe(false);
  });
});

/** The shortest form of a double, without an exponent. */
function toDecimal(number: number): string {
  const [digits = '', exponent = '0'] = String(number).split('e+');
  const [whole = '', decimals = ''] = digits.split('.');
  return `${whole}${decimals}`.padEnd(whole.length + Number(exponent), '0');
}
