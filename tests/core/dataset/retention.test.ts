import { describe, expect, it } from 'vitest';
import {
  declareRetention,
  type RetentionDays,
  retentionProblem,
} from '../../../src/core/dataset/retention.ts';

describe('declareRetention', () => {
  it('completes what a dataset declares, and knows whether the dataset sets the days of its rows', () => {
    expect(declareRetention('d')).toEqual({ rows: 90, MINUTE: 7, HOUR: 400, DAY: null, ownRows: false });
    expect(declareRetention('d', { rows: 90, HOUR: 30 })).toMatchObject({
      rows: 90,
      HOUR: 30,
      ownRows: true,
    });
    expect(declareRetention('d', { rows: null })).toMatchObject({ rows: null, ownRows: true });
  });

  it('refuses a declaration that contradicts itself', () => {
    expect(() => declareRetention('d', { HOUR: 3 })).toThrow(
      'd: the retention of HOUR must be at least MINUTE',
    );
  });
});

describe('retentionProblem', () => {
  const DAYS: RetentionDays = { rows: 90, MINUTE: 7, HOUR: 400, DAY: null };

  it.each<[string, Partial<RetentionDays>]>([
    ['one day of everything', { rows: 1, MINUTE: 1, HOUR: 1, DAY: 1 }],
    ['everything unlimited', { rows: null, MINUTE: null, HOUR: null, DAY: null }],
    ['rows that outlive every cell', { rows: null, DAY: 400 }],
    ['a hundred years', { DAY: 36_500 }],
  ])('finds nothing wrong with %s', (_, days) => {
    expect(retentionProblem({ ...DAYS, ...days })).toBeNull();
  });

  it.each<[Partial<RetentionDays>, keyof RetentionDays, RegExp]>([
    [{ rows: 0 }, 'rows', /from 1 to 36500, or null to keep everything, not 0\.$/],
    [{ MINUTE: -1 }, 'MINUTE', /not -1/],
    [{ DAY: 36_501 }, 'DAY', /from 1 to 36500/],
    [{ rows: 1.5 }, 'rows', /whole number/],
    [{ MINUTE: 401 }, 'HOUR', /at least MINUTE, which is 401/],
    [{ HOUR: null, DAY: 500 }, 'DAY', /at least HOUR, which is unlimited \(null\)/],
  ])('finds what is wrong with %j', (days, part, problem) => {
    const found = retentionProblem({ ...DAYS, ...days });
    expect(found?.part).toBe(part);
    expect(found?.problem).toMatch(problem);
  });
});
