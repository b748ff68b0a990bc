import { describe, expect, test } from 'vitest';
import { evaluationsWithin, previewStep } from '../../../src/alerting/rules/preview-step.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const FROM = Date.parse('2026-03-05T10:20:30.400Z');

describe('the step of a preview', () => {
  test.each([
    ['10 seconds', 10 * SECOND, HOUR, 10 * SECOND],
    ['just below a minute', MINUTE - 1, DAY, 10 * SECOND],
    ['a minute', MINUTE, DAY, MINUTE],
    ['five minutes', 5 * MINUTE, 7 * DAY, MINUTE],
    ['an hour', HOUR, 7 * DAY, MINUTE],
    ['a little more than an hour', HOUR + 1, 30 * DAY, 5 * MINUTE],
    ['six hours', 6 * HOUR, 35 * DAY, 5 * MINUTE],
    ['a day', DAY, 30 * DAY, HOUR],
    ['a month', 31 * DAY, 365 * DAY, HOUR],
    ['five minutes over more than a week: less often', 5 * MINUTE, 8 * DAY, 5 * MINUTE],
    ['an hour over more than a month', HOUR, 36 * DAY, 15 * MINUTE],
    ['an hour over a year', HOUR, 365 * DAY, HOUR],
    ['a minute over more than a week: never so seldom that events are left out', MINUTE, 8 * DAY, MINUTE],
    ['ten seconds over a month', 10 * SECOND, 30 * DAY, 10 * SECOND],
  ])('with a window of %s', (_, window, length, step) => {
    expect(previewStep(window, { from: FROM, to: FROM + length })).toBe(step);
  });
});

describe('the evaluations of a preview', () => {
  test('are on full steps, after the beginning', () => {
    const at = (text: string): number => Date.parse(`2026-03-05T${text}Z`);
    const within = evaluationsWithin({ from: at('10:20:30.400'), to: at('11:00:59') }, MINUTE);
    expect(within).toEqual({ from: at('10:20:00'), to: at('11:00:00') });
    const aligned = { from: at('10:00:00'), to: at('11:00:00') };
    expect(evaluationsWithin(aligned, MINUTE)).toEqual(aligned);
  });
});
