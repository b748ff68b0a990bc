import { expect, test } from 'vitest';
import { burnDown } from '../../../src/analytics/slos/burn-down.ts';
import {
  allowedBad,
  allowedShare,
  burnRate,
  complianceOf,
  mostBurnRate,
} from '../../../src/analytics/slos/error-budget.ts';

const counts = (events: number, bad: number) => ({ events, good: events - bad });

test.each([
  [0.9, 0.1],
  [0.95, 0.05],
  [0.99, 0.01],
  [0.999, 0.001],
  [0.9995, 0.0005],
  [0.999999, 0.000001],
  [0.999999999, 1e-9],
  [1 / 3, 0.666666666666667],
])('an objective of %d allows a share of %d, without rounding errors of doubles', (objective, share) => {
  expect(allowedShare(objective)).toBe(share);
  expect(mostBurnRate(objective)).toBe(1 / share);
});

test('a burn rate is the share of bad events, divided by the share that may be bad', () => {
  expect(allowedBad(counts(10_000, 0), 0.999)).toBe(10);
  expect(complianceOf(counts(10_000, 5))).toBe(0.9995);
  expect(burnRate(counts(10_000, 5), 0.999)).toBe(0.5);
  expect(burnRate(counts(1_000, 1), 0.999)).toBe(1);
  // An hour with 1.44 % of errors: at this rate, the budget of 30 days is used up in 50 hours.
  expect(burnRate(counts(10_000, 144), 0.999)).toBe(14.4);
  expect(burnRate(counts(8, 8), 0.75)).toBe(mostBurnRate(0.75));
});

test('compliance and burn rate are null without events', () => {
  expect(complianceOf(counts(0, 0))).toBeNull();
  expect(burnRate(counts(0, 0), 0.999)).toBeNull();
});

test('a burn-down ends with what the whole window leaves', () => {
  const bucket = (start: number, events: number, bad: number) => ({
    ...{ start, end: start + 1 },
    ...counts(events, bad),
  });
  const points = burnDown([bucket(0, 100, 1), bucket(1, 0, 0), bucket(2, 300, 5)], 0.99);
  expect(points.map(({ burnRate: rate, budgetRemaining }) => [rate, budgetRemaining])).toEqual([
    [1, 0.75],
    [null, 0.75],
    [expect.closeTo(5 / 3), -0.5],
  ]);
  expect(burnDown([bucket(0, 0, 0)], 0.99)).toMatchObject([{ burnRate: null, budgetRemaining: null }]);
});
