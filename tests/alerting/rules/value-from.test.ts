import { expect, test } from 'vitest';
import type { EventQuestion } from '../../../src/alerting/rules/rule.ts';
import { valueFrom as measured, wantedMeasures } from '../../../src/alerting/rules/value-from.ts';
import type { MeasureStats, Stats } from '../../../src/analytics/spec.ts';

type Aggregate = EventQuestion['aggregate'];

function asked(aggregate: Aggregate, options: Partial<EventQuestion> = {}) {
  const measure = aggregate === 'COUNT' || aggregate === 'ERROR_RATE' ? null : 'latencyMs';
  const quantile = aggregate === 'QUANTILE' ? 0.95 : null;
  return { aggregate, measure, quantile, minimumCount: 0, ...options };
}

function found(rowCount: number, measured: Partial<MeasureStats> = {}): Stats {
  const latency = {
    count: rowCount,
    sum: 0,
    min: null,
    max: null,
    distinct: null,
    others: null,
    quantiles: new Map(),
    ...measured,
  };
  return { rowCount, successCount: 3, measures: new Map([['latencyMs', latency]]) };
}

const FOUR = found(4, {
  distinct: 3,
  sum: 1000,
  min: 50,
  max: 700,
  quantiles: new Map([[0.95, 650]]),
});

test.each<[Aggregate, number]>([
  ['COUNT', 4],
  ['ERROR_RATE', 0.25],
  ['SUM', 1000],
  ['AVG', 250],
  ['MIN', 50],
  ['MAX', 700],
  ['QUANTILE', 650],
  ['COUNT_DISTINCT', 3],
])('%s of four events', (aggregate, value) => {
  expect(measured(asked(aggregate), FOUR)).toBe(value);
});

test.each<[Aggregate, number | null]>([
  ['COUNT', 0],
  ['ERROR_RATE', null],
  ['SUM', null],
  ['AVG', null],
  ['MIN', null],
  ['MAX', null],
  ['QUANTILE', null],
])('%s of nothing', (aggregate, value) => {
  expect(measured(asked(aggregate), null)).toBe(value);
  expect(measured(asked(aggregate), found(0))).toBe(value);
});

test.each<Aggregate>(['SUM', 'AVG', 'MIN', 'MAX', 'QUANTILE'])(
  '%s is unknown if no event has the measure',
  (aggregate) => {
    expect(measured(asked(aggregate), found(4, { count: 0 }))).toBeNull();
  },
);

test.each<Aggregate>(['COUNT', 'ERROR_RATE', 'SUM'])('%s of too few events is unknown', (aggregate) => {
  expect(measured(asked(aggregate, { minimumCount: 5 }), FOUR)).toBeNull();
  expect(measured(asked(aggregate, { minimumCount: 4 }), FOUR)).not.toBeNull();
  expect(measured(asked(aggregate, { minimumCount: 1 }), null)).toBeNull();
});

test('the error rate of a dataset without success is unknown', () => {
  expect(measured(asked('ERROR_RATE'), { ...FOUR, successCount: null })).toBeNull();
});

test('queries the measure, and its quantile if the rule is about one', () => {
  expect(wantedMeasures(asked('COUNT'))).toEqual([]);
  expect(wantedMeasures(asked('SUM'))).toEqual([{ measure: 'latencyMs', quantiles: [] }]);
  expect(wantedMeasures(asked('QUANTILE'))).toEqual([{ measure: 'latencyMs', quantiles: [0.95] }]);
});
