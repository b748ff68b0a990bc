import { describe, expect, it } from 'vitest';
import type { CreateAlertRuleInput } from '../../web/src/generated/graphql.ts';
import { type MeasuredSeries, measuredQuestion } from '../../web/src/pages/rule/measured.ts';
import { roll } from '../../web/src/pages/rule/roll.ts';
import { durationMs, toIsoDuration, toShortDuration } from '../../web/src/pages/shared/durations.ts';
import { problemsOf } from '../../web/src/pages/shared/form-problems.ts';

const MINUTE = 60_000;
const FROM = Date.parse('2026-11-30T10:00:00Z');

type Stats = MeasuredSeries['points'][number]['stats'];

/** Minutes that begin three minutes before `FROM`. */
const minutes = (stats: readonly Stats[]): MeasuredSeries => ({
  other: false,
  dimensions: { d0: 'openai' },
  points: stats.map((one, at) => ({
    start: new Date(FROM + (at - 3) * MINUTE).toISOString(),
    end: new Date(FROM + (at - 2) * MINUTE).toISOString(),
    stats: one,
  })),
});

const RULE: CreateAlertRuleInput = {
  ruleId: 'r',
  name: 'R',
  dataset: 'llmCalls',
  aggregate: 'COUNT',
  comparator: 'GT',
  window: 'PT2M',
  groupBy: ['provider'],
};

function rolled(rule: Partial<CreateAlertRuleInput>, stats: readonly Stats[]) {
  const asked = { ...RULE, ...rule };
  const question = measuredQuestion(asked, 10 * MINUTE);
  if (question === null) throw new Error('This rule cannot be asked about.');
  const { times, series } = roll([minutes(stats)], asked, { question, from: FROM });
  return { times, label: series[0]?.label, values: series[0]?.values };
}

describe('what a rule measures, put together from buckets', () => {
  it('covers the window that ends at each instant, from the first one that is shown', () => {
    const counts = [1, 2, 4, 8, 16].map((count) => ({ count }));
    expect(rolled({}, counts)).toEqual({
      times: [FROM, FROM + MINUTE, FROM + 2 * MINUTE],
      label: 'openai',
      values: [6, 12, 24],
    });
  });

  it('weighs shares and means by what they are of, and is nothing with too few events', () => {
    const rates = [
      { count: 0, failed: 0, succeeded: 0 },
      { count: 2, failed: 2, succeeded: 0 },
      { count: 8, failed: 0, succeeded: 8 },
    ];
    expect(rolled({ aggregate: 'ERROR_RATE' }, rates).values).toEqual([0.2]);
    expect(rolled({ aggregate: 'ERROR_RATE', minimumCount: 11 }, rates).values).toEqual([null]);
    const latencies = [
      { count: 0, measure: { count: 0, sum: null, min: null, max: null } },
      { count: 1, measure: { count: 1, sum: 9, min: 9, max: 9 } },
      { count: 2, measure: { count: 2, sum: 3, min: 1, max: 2 } },
    ];
    const measure = 'latencyMs';
    expect(rolled({ aggregate: 'AVG', measure }, latencies).values).toEqual([4]);
    expect(rolled({ aggregate: 'MIN', measure }, latencies).values).toEqual([1]);
    expect(rolled({ aggregate: 'MAX', measure }, latencies).values).toEqual([9]);
  });

  it('counts distinct values in buckets as long as the window', () => {
    const rule = { aggregate: 'COUNT_DISTINCT', measure: 'endUser', window: 'PT1M' } as const;
    const counts = [
      { count: 2, distinct: 2 },
      { count: 5, distinct: 3 },
      { count: 0, distinct: 0 },
    ];
    expect(rolled(rule, [...counts, ...counts]).values).toEqual([0, 2, 3, 0]);
    const document = String(measuredQuestion({ ...RULE, ...rule }, MINUTE)?.document);
    expect(document).toContain('count distinct: countDistinct(dimension: END_USER)');
  });

  it('asks for the dimensions of tags and attributes, and for no text that is none of the names of a schema', () => {
    const document = (rule: Partial<CreateAlertRuleInput>) =>
      String(measuredQuestion({ ...RULE, ...rule }, MINUTE)?.document);
    expect(document({ groupBy: ['model', 'tags.te"am'] })).toContain(
      'dimensions { d0: model d1: tag(key: "te\\"am") }',
    );
    expect(measuredQuestion({ ...RULE, groupBy: ['model } x {'] }, MINUTE)).toBeNull();
    expect(measuredQuestion({ ...RULE, aggregate: 'SUM', measure: 'cost } x {' }, MINUTE)).toBeNull();
  });
});

it('durations are written short and sent as the API takes them', () => {
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

it('an error of the server stands at the field that it names', () => {
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
