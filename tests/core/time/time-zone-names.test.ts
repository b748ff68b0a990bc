import { describe, expect, it } from 'vitest';
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
