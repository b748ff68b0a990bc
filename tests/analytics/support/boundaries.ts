import fc from 'fast-check';
import { at, DAY, HOUR, MINUTE } from './plan-specs.ts';

/** Ascending instants, in steps of calendars and in odd ones. */
export const boundaryLists = fc
  .tuple(
    fc.integer({ min: at('1969-12-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') }),
    fc.array(
      fc.oneof(
        fc.integer({ min: 1, max: 3 * DAY }),
        fc.constantFrom(MINUTE, 5 * MINUTE, 30 * MINUTE, HOUR, DAY, 7 * DAY, 23.5 * HOUR),
      ),
      { minLength: 1, maxLength: 30 },
    ),
    fc.constantFrom(1, MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, DAY),
  )
  .map(([start, widths, unit]) => {
    let instant = Math.floor(start / unit) * unit;
    return [instant, ...widths.map((width) => (instant += width))];
  });

export const grainLists = fc.subarray(['MINUTE', 'HOUR', 'DAY'] as const);
