import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseGrain, TIME_GRAINS, type TimeGrain } from '../../../src/core/time/grain.ts';
import { bucketBoundaries } from '../../../src/core/time/zone.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('chooseGrain', () => {
  it.each<[number, TimeGrain]>([
    [1, 'MINUTE'],
    [HOUR, 'MINUTE'],
    [299 * MINUTE, 'MINUTE'],
    [300 * MINUTE, 'FIVE_MINUTES'],
    [DAY, 'FIVE_MINUTES'],
    [2 * DAY, 'FIFTEEN_MINUTES'],
    [7 * DAY, 'HOUR'],
    [30 * DAY, 'DAY'],
    [365 * DAY, 'WEEK'],
    [10 * 366 * DAY, 'MONTH'],
    [30 * 366 * DAY, 'QUARTER'],
    [200 * 366 * DAY, 'YEAR'],
    [2000 * 366 * DAY, 'YEAR'],
  ])('%d ms: %s', (length, expected) => {
    expect(chooseGrain({ from: 0, to: length })).toBe(expected);
  });

  it('accepts another number of points', () => {
    expect(chooseGrain({ from: 0, to: 30 * DAY }, 1000)).toBe('HOUR');
  });

  it('gives at most the requested number of points, which the next finer grain would exceed or almost reach', () => {
    const range = fc.tuple(
      fc.integer({ min: 0, max: 50 * 365 * DAY }),
      fc.integer({ min: 1, max: 3000 * DAY }),
    );
    fc.assert(
      fc.property(range, fc.integer({ min: 20, max: 300 }), ([from, length], maxPoints) => {
        const interval = { from, to: from + length };
        const grain = chooseGrain(interval, maxPoints);
        expect(bucketBoundaries(interval, grain, 'UTC').length - 1).toBeLessThanOrEqual(maxPoints);
        const finer = TIME_GRAINS[TIME_GRAINS.indexOf(grain) - 1];
        if (finer === undefined) return;
        const atMost = bucketBoundaries(interval, finer, 'UTC', 1e7).length - 1;
        expect(atMost).toBeGreaterThan(maxPoints * 0.85 - 1);
      }),
    );
  });
});
