import { expect, test } from 'vitest';
import { durationMs, toDuration } from '../../../src/core/time/duration.ts';

test.each([
  [0, 'PT0S'],
  [10_000, 'PT10S'],
  [60_000, 'PT1M'],
  [5_400_500, 'PT1H30M0.5S'],
  [86_400_000, 'P1D'],
  [31 * 86_400_000 + 1, 'P31DT0.001S'],
])('%i ms are %s', (milliseconds, text) => {
  expect(toDuration(milliseconds)).toBe(text);
  expect(durationMs(text)).toBe(milliseconds);
});
