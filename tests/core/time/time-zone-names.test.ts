import { describe, expect, it } from 'vitest';
import { canonicalTimeZone } from '../../../src/core/time/offset-spans.ts';
import { isTimeZone } from '../../../src/core/time/zone.ts';

describe('isTimeZone', () => {
  it.each([
    ['UTC', true],
    ['utc', true],
    ['Etc/GMT+5', true],
    ['Asia/Kolkata', true],
    ['asia/calcutta', true],
    ['America/Argentina/Buenos_Aires', true],
    ['+05:30', true],
    ['-0800', true],
    ['', false],
    ['Z', false],
    ['-23:59', true],
    ['+05', true],
    ['+24:00', false],
    ['+05:60', false],
    ['+5:30', false],
    ['PST', false],
    ['+25:00', false],
    ['+05:30:15', false],
    ['Mars/Olympus', false],
    ['UTC+5', false],
    [' UTC', false],
    ['2026-01-01T00:00[Asia/Kolkata]', false],
    ['2026-01-01T00:00Z', false],
  ])('%j: %s', (id, expected) => {
    expect(isTimeZone(id)).toBe(expected);
  });
});

describe('canonicalTimeZone', () => {
  it.each([
    ['+0530', '+05:30'],
    ['-08', '-08:00'],
    ['-00:00', '+00:00'],
    ['europe/berlin', 'Europe/Berlin'],
    ['Asia/Calcutta', 'Asia/Calcutta'],
  ])('%s: %s', (id, expected) => {
    expect(canonicalTimeZone(id)).toBe(expected);
  });
});
