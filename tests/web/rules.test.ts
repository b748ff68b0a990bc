import { expect, it } from 'vitest';
import { openSpans } from '../../web/src/pages/rule/open-spans.ts';
import { durationMs, toIsoDuration, toShortDuration } from '../../web/src/pages/shared/durations.ts';
import { problemsOf } from '../../web/src/pages/shared/form-problems.ts';

it('durations are written short and sent in the form of the API', () => {
  expect(['15m', '1d', ' 36 H ', 'PT15M', 'soon'].map(toIsoDuration)).toEqual([
    'PT15M',
    'P1D',
    'PT36H',
    'PT15M',
    'soon',
  ]);
  expect(['PT15M', 'P1D', 'PT90M', 'P1W', 'PT0S'].map(toShortDuration)).toEqual([
    '15m',
    '1d',
    '1h 30m',
    '7d',
    '0s',
  ]);
  expect([durationMs('PT1H30M'), durationMs('P1M'), durationMs('P')]).toEqual([5_400_000, null, null]);
});

it('an error of the server appears at the field that it names', () => {
  const error = (message: string, argument: string | null) =>
    ({ message, argument, code: 'BAD_USER_INPUT', scope: null, name: 'AskError' }) as const;
  const atFilter = problemsOf(error('There is no field foo.', 'input.filter.foo'), ['filter', 'name']);
  expect([atFilter.of('filter'), atFilter.of('name'), atFilter.other]).toEqual([
    'There is no field foo.',
    null,
    null,
  ]);
  const scalar = 'Variable "$input" got invalid value "x" at "input.window"; "x" cannot be used.';
  expect(problemsOf(error(scalar, null), ['window']).of('window')).toBe('"x" cannot be used.');
  expect(problemsOf(error('No.', 'input.secret'), ['name']).other).toBe('No.');
});

it('alerts that overlap, or that a chart cannot show apart, are drawn as one span of their severity', () => {
  const at = (minute: number) => new Date(minute * 60_000).toISOString();
  const firing = (from: number, to: number | null, service: string, severity = 'WARNING') => ({
    firedAt: at(from),
    resolvedAt: to === null ? null : at(to),
    severity,
    labels: { service },
  });
  const firings = [
    firing(30, 40, 'a'),
    firing(0, 10, 'a'),
    firing(5, 20, 'b'),
    firing(21, 25, 'a'),
    firing(6, 8, 'a', 'CRITICAL'),
    firing(90, null, 'c'),
  ];
  const spans = openSpans(firings, { from: -900 * 60_000, to: 100 * 60_000 });
  expect(spans.map(({ from, to, label, tone }) => [from / 60_000, to / 60_000, label, tone])).toEqual([
    [0, 25, 'warning (3 alerts) service: a; service: b', 'warn'],
    [30, 40, 'warning service: a', 'warn'],
    [90, 100, 'warning service: c', 'warn'],
    [6, 8, 'critical service: a', 'bad'],
  ]);
});
