import { expect, it } from 'vitest';
import { createDayGrowth } from '../../src/metrics/day-growth.ts';
import { createFewSeries } from '../../src/metrics/few-series.ts';

const DAY = 86_400_000;
const now = 10 * DAY + 1000;
const of = (labels: readonly string[], ...totals: number[]) => ({ labels, totals });

it('counts the growth of a day since it was first seen, and all of a day that began later', () => {
  const growth = createDayGrowth(now);
  expect(growth.note(10 * DAY, [of(['a'], 5, 1)])).toEqual([of(['a'], 0, 0)]);
  // A late event of yesterday, and a new group.
  expect(growth.note(9 * DAY, [of(['a'], 3, 0)])).toEqual([of(['a'], 0, 0)]);
  expect(growth.note(9 * DAY, [of(['a'], 4, 0)])).toEqual([of(['a'], 1, 0)]);
  expect(growth.note(10 * DAY, [of(['a'], 7, 1.5), of(['b'], 2, 0)])).toEqual([
    of(['a'], 2, 0.5),
    of(['b'], 2, 0),
  ]);
  expect(growth.note(11 * DAY, [of(['a'], 6, 0)])).toEqual([of(['a'], 6, 0)]);
});

it('never decreases when totals do, and continues from there', () => {
  const growth = createDayGrowth(now);
  growth.note(10 * DAY, [of(['a'], 100)]);
  expect(growth.note(10 * DAY, [of(['a'], 40)])).toEqual([of(['a'], 0)]);
  expect(growth.note(10 * DAY, [of(['a'], 41)])).toEqual([of(['a'], 1)]);
});

it('distinguishes groups whose values look alike', () => {
  const growth = createDayGrowth(now);
  growth.note(10 * DAY, [of(['a,b', 'c'], 1), of(['a', 'b,c'], 1)]);
  expect(growth.note(10 * DAY, [of(['a', 'b,c'], 2), of(['a,b', 'c'], 1)])).toEqual([
    of(['a', 'b,c'], 1),
    of(['a,b', 'c'], 0),
  ]);
});

it('always shows the first groups, and all others as one', () => {
  const shownAs = createFewSeries(2);
  const groups = [
    ['a', 'x'],
    ['b', 'x'],
    ['c', 'x'],
    ['a', 'x'],
    ['a', 'y'],
  ];
  expect(groups.map(shownAs)).toEqual([
    ['a', 'x'],
    ['b', 'x'],
    ['other', 'other'],
    ['a', 'x'],
    ['other', 'other'],
  ]);
});
