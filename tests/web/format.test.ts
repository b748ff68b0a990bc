import { describe, expect, it } from 'vitest';
import { formatChange } from '../../web/src/format/change.ts';
import { formatAgo, formatRange, formatTime } from '../../web/src/format/time.ts';
import { formatValue, type Unit } from '../../web/src/format/value.ts';
import { grainOf, readSpan, type Span, shifted, writeSpan } from '../../web/src/state/span.ts';

const plain = (text: string) => text.replaceAll(/[\u00a0\u2009\u202f]/g, ' ');

describe('values', () => {
  it.each<[number | null, Unit, string, string]>([
    [null, 'count', '–', '–'],
    [Number.NaN, 'usd', '–', '–'],
    [1234, 'count', '1,234', '1,234'],
    [12_345, 'count', '12.3K', '12,345'],
    [1_254_000, 'tokens', '1.25M', '1,254,000 tokens'],
    [0.12345, 'number', '0.123', '0.12345'],
    [0, 'usd', '$0', '$0'],
    [0.0042, 'usd', '$0.0042', '$0.0042'],
    [0.05, 'usd', '$0.05', '$0.05'],
    [1.234, 'usd', '$1.23', '$1.23'],
    [12_400, 'usd', '$12.4K', '$12,400.00'],
    [-0.5, 'usd', '-$0.50', '-$0.50'],
    [0.42, 'ms', '0.42 ms', '0.42 ms'],
    [840, 'ms', '840 ms', '840 ms'],
    [999.7, 'ms', '1 s', '1 s'],
    [1240, 'ms', '1.24 s', '1.24 s'],
    [180_000, 'ms', '3 min', '3 min'],
    [5400, 'seconds', '1 h 30 min', '1 h 30 min'],
    [110_400, 'ms', '1 min 50 s', '1 min 50 s'],
    [119_990, 'ms', '2 min', '2 min'],
    [86_399_000, 'ms', '1 d', '23 h 59 min 59 s'],
    [-93_784_000, 'ms', '-1 d 2 h', '-1 d 2 h 3 min 4 s'],
    [0.992, 'ratio', '99.2 %', '99.2 %'],
    [0.99996, 'ratio', '99.99 %', '99.99 %'],
    [0.00001, 'ratio', '0.001 %', '0.001 %'],
    [0.9996, 'ratio', '99.96 %', '99.96 %'],
    [1, 'ratio', '100 %', '100 %'],
    [1_240_000, 'bytes', '1.24 MB', '1.24 MB'],
    [0, 'bytes', '0 B', '0 B'],
    [12.34, 'perMinute', '12.3/min', '12.34/min'],
  ])('%s %s is written %s, in full %s', (value, unit, short, long) => {
    expect(plain(formatValue(value, unit))).toBe(short);
    expect(plain(formatValue(value, unit, 'long'))).toBe(long);
  });
});

describe('numbers below each other', () => {
  it.each<[Unit, readonly number[], readonly string[]]>([
    [
      'ms',
      [2.1, 90, 152, 2100, 12_000, 61_000],
      ['2.10 ms', '90.0 ms', '152 ms', '2.10 s', '12.0 s', '1 min 1 s'],
    ],
    ['ratio', [0, 0.0004, 0.01, 0.012, 0.9996, 1], ['0 %', '0.04 %', '1.0 %', '1.2 %', '99.96 %', '100 %']],
    ['count', [0, 42, 12_000, 2_400_000], ['0', '42', '12.0K', '2.40M']],
    ['number', [3, 0.5, 12_000], ['3', '0.5', '12.0K']],
    ['bytes', [0, 512, 2_000_000, 14_300_000], ['0 B', '512 B', '2.00 MB', '14.3 MB']],
    ['usd', [0, 0.006, 0.02, 0.5, 12], ['$0', '$0.0060', '$0.020', '$0.50', '$12.00']],
  ])('of %s keep the zeros that make them line up', (unit, values, texts) => {
    expect(values.map((value) => plain(formatValue(value, unit, 'column')))).toEqual(texts);
  });
});

describe('changes', () => {
  it.each<[number | null, number | null, string, string]>([
    [112.4, 100, '+12.4 %', 'up'],
    [97, 100, '−3 %', 'down'],
    [100, 100, '0 %', 'flat'],
    [395.3, 100, '+295 %', 'up'],
    [1200, 100, '×12', 'up'],
    [5, 0, 'new', 'up'],
    [0, 0, '0 %', 'flat'],
    [5, null, '', 'none'],
    [-5, -10, '+50 %', 'up'],
  ])('to %s from %s: %s, %s', (now, before, text, direction) => {
    const change = formatChange(now, before);
    expect([plain(change.text), change.direction]).toEqual([text, direction]);
  });
});

describe('times', () => {
  const at = Date.parse('2026-11-29T23:00:00Z');
  it('use the time zone', () => {
    expect(formatTime(at, 'UTC', 'axis')).toBe('23:00');
    expect(formatTime(at, 'Europe/Berlin', 'axis')).toBe('Nov 30');
    expect(formatTime(at + 5000, 'UTC', 'axis')).toBe('23:00:05');
    expect(plain(formatTime(at, 'Asia/Kolkata', 'short'))).toBe('Nov 30, 04:30');
    expect(plain(formatTime(at, 'UTC', 'long'))).toBe('Sun, Nov 29, 2026, 23:00:00 UTC');
  });
  it('are relative to now', () => {
    expect(formatAgo(at - 300_000, at)).toBe('5m ago');
    expect(formatAgo(at + 7_200_000, at)).toBe('in 2h');
    expect(formatAgo(at - 1000, at)).toBe('just now');
  });
  it('form ranges that write their common part once', () => {
    expect(plain(formatRange(at - 3_600_000, at, 'UTC', at))).toBe('Nov 29, 22:00 – 23:00');
    expect(plain(formatRange(at, at + 86_400_000, 'UTC', at + 4e10))).toBe(
      'Nov 29, 2026, 23:00 – Nov 30, 2026, 23:00',
    );
  });
});

describe('the range before and after', () => {
  const now = Date.parse('2026-11-30T12:00:00Z');
  const move = (text: string, direction: -1 | 1, later = 0) =>
    writeSpan(shifted(readSpan(text) as Span, direction, now + later));

  it('returns to the range that ends now', () => {
    const before = move('24h', -1);
    expect(before).toBe('2026-11-28T12:00:00Z..2026-11-29T12:00:00Z');
    expect(move(before, 1, 20_000)).toBe('24h');
    expect(move('45m', 1)).toBe('45m');
    expect(move('2026-11-30T11:00:00Z..2026-11-30T11:10:00Z', 1)).toBe(
      '2026-11-30T11:10:00Z..2026-11-30T11:20:00Z',
    );
    expect(move('2026-11-30T11:50:00Z..2026-11-30T12:00:00.500Z', 1)).toBe(
      '2026-11-30T11:49:59.500Z..2026-11-30T12:00:00Z',
    );
  });
});

it('charts that share a row have at most as many buckets as they can show', () => {
  const grains = ['1h', '6h', '24h', '7d', '30d'].map((text) => grainOf(readSpan(text) as Span));
  expect(grains).toEqual(['MINUTE', 'FIVE_MINUTES', 'FIFTEEN_MINUTES', 'HOUR', 'AUTO']);
});
