import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { previousRange, type RangeInput, resolveRange } from '../../../src/core/time/range.ts';

const NOW = Date.parse('2026-03-31T10:20:30.456Z');
const at = (instant: string): number => Date.parse(instant);

describe('resolveRange', () => {
  it.each<[string, RangeInput, string, string]>([
    [
      'from and to',
      { from: at('2026-01-01T00:00:00Z'), to: at('2026-02-01T00:00:00Z') },
      '2026-01-01T00:00:00.000Z',
      '2026-02-01T00:00:00.000Z',
    ],
    ['a millisecond', { from: 0, to: 1, last: null }, '1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.001Z'],
    [
      'from until now',
      { from: at('2026-03-31T00:00:00Z') },
      '2026-03-31T00:00:00.000Z',
      '2026-03-31T10:20:30.456Z',
    ],
    [
      'from in the future with to',
      { from: NOW + 1, to: NOW + 2 },
      '2026-03-31T10:20:30.457Z',
      '2026-03-31T10:20:30.458Z',
    ],
    ['hours', { last: 'PT24H' }, '2026-03-30T10:20:30.456Z', '2026-03-31T10:20:30.456Z'],
    ['days', { last: 'P7D' }, '2026-03-24T10:20:30.456Z', '2026-03-31T10:20:30.456Z'],
    ['weeks', { last: 'P2W' }, '2026-03-17T10:20:30.456Z', '2026-03-31T10:20:30.456Z'],
    [
      'a month, to the end of February',
      { last: 'P1M' },
      '2026-02-28T10:20:30.456Z',
      '2026-03-31T10:20:30.456Z',
    ],
    ['a month, to a leap day', { last: 'P2Y1M' }, '2024-02-29T10:20:30.456Z', '2026-03-31T10:20:30.456Z'],
    ['all units', { last: 'P1Y1M1DT1H1M1.5S' }, '2025-02-27T09:19:28.956Z', '2026-03-31T10:20:30.456Z'],
  ])('%s', (_, input, from, to) => {
    const range = resolveRange(input, NOW);
    expect({ from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() }).toEqual({
      from,
      to,
    });
  });

  it.each<[string, RangeInput, string, RegExp]>([
    ['neither', {}, 'range', /from.*last/],
    ['only nulls', { from: null, to: null, last: null }, 'range', /from.*last/],
    ['last beside from', { from: 0, last: 'P1D' }, 'range', /either/],
    ['last beside to', { to: 0, last: 'P1D' }, 'range', /either/],
    ['only to', { to: 5 }, 'range.from', /needs range.from/],
    ['a reversed range', { from: 5, to: 4 }, 'range.to', /1970-01-01T00:00:00.004Z is not after/],
    ['an empty range', { from: 5, to: 5 }, 'range.to', /after range.from/],
    ['a range that begins now', { from: NOW }, 'range.from', /before now \(2026-03-31T10:20:30.456Z\)/],
    ['a value that is not a number', { from: Number.NaN, to: 5 }, 'range.from', /instant/],
    ['a fraction', { from: 0, to: 5.5 }, 'range.to', /instant/],
    ['the year 0', { from: at('0000-12-31T23:59:59.999Z'), to: 5 }, 'range.from', /years 1 to 9999/],
    ['the year 10000', { from: 0, to: at('+010000-01-01T00:00:00Z') }, 'range.to', /years 1 to 9999/],
    ['text that is not a duration', { last: '24h' }, 'range.last', /PT24H/],
    ['a value that is not text', { last: '' }, 'range.last', /PT24H/],
    ['an empty duration', { last: 'PT0S' }, 'range.last', /longer than zero/],
    ['a negative duration', { last: '-P1D' }, 'range.last', /longer than zero/],
    ['a negative duration out of bounds', { last: '-P999999Y' }, 'range.last', /longer than zero/],
    ['time before the year 1', { last: 'P2026Y' }, 'range.last', /year 1/],
    ['a duration out of bounds', { last: 'P999999Y' }, 'range.last', /year 1/],
    ['a duration beyond the limits of durations', { last: 'P99999999999Y' }, 'range.last', /range.last/],
  ])('refuses %s', (_, input, argument, message) => {
    expect(() => resolveRange(input, NOW)).toThrow(message);
    expect(() => resolveRange(input, NOW)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', details: { argument } }),
    );
  });

  it('accepts any two instants in order, and ends the previous range where this one begins', () => {
    const instant = fc.integer({ min: at('0001-01-01T00:00:00Z'), max: at('9999-12-31T23:59:59.999Z') });
    fc.assert(
      fc.property(instant, instant, (from, to) => {
        fc.pre(from < to);
        const range = resolveRange({ from, to }, NOW);
        expect(range).toEqual({ from, to });
        const previous = previousRange(range);
        expect(previous.to).toBe(from);
        expect(previous.to - previous.from).toBe(to - from);
      }),
    );
  });
});
