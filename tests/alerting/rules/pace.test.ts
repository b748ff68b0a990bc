import { expect, test } from 'vitest';
import { isDue, type Progress, paceOf } from '../../../src/alerting/rules/pace.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const NOW = Date.parse('2026-11-22T12:00:00Z');

test.each<[string, number, number, number]>([
  ['10 s', 10 * SECOND, SECOND, 5 * SECOND],
  ['1 min', MINUTE, SECOND, 6 * SECOND],
  ['5 min', 5 * MINUTE, 5 * SECOND, 30 * SECOND],
  ['10 min', 10 * MINUTE, 10 * SECOND, MINUTE],
  ['1 h', HOUR, MINUTE, MINUTE],
  ['1 day', 24 * HOUR, MINUTE, MINUTE],
  ['31 days', 31 * 24 * HOUR, MINUTE, MINUTE],
])('the pace of a window of %s', (_, windowMs, afterEventsMs, idleMs) => {
  expect(paceOf(windowMs)).toEqual({ afterEventsMs, idleMs });
});

test.each<[string, Progress, boolean]>([
  ['never evaluated', { evaluatedAt: null, hasNewEvents: false }, true],
  ['just evaluated', { evaluatedAt: NOW, hasNewEvents: true }, false],
  ['new events, too soon', { evaluatedAt: NOW - 5 * SECOND + 1, hasNewEvents: true }, false],
  ['new events', { evaluatedAt: NOW - 5 * SECOND, hasNewEvents: true }, true],
  ['no new events', { evaluatedAt: NOW - 5 * SECOND, hasNewEvents: false }, false],
  ['no new events, too soon', { evaluatedAt: NOW - 30 * SECOND + 1, hasNewEvents: false }, false],
  ['no new events for long', { evaluatedAt: NOW - 30 * SECOND, hasNewEvents: false }, true],
  ['the clock was set back', { evaluatedAt: NOW + HOUR, hasNewEvents: false }, true],
])('%s', (_, progress, due) => {
  expect(isDue(paceOf(5 * MINUTE), progress, NOW)).toBe(due);
});
