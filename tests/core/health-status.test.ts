import { describe, expect, it } from 'vitest';
import { assess, compareBadness, worstOf } from '../../src/core/health-status.ts';

describe('assess', () => {
  it.each([
    [0, 'HEALTHY'],
    [84.9, 'HEALTHY'],
    [85, 'DEGRADED'],
    [94.9, 'DEGRADED'],
    [95, 'UNHEALTHY'],
    [200, 'UNHEALTHY'],
  ])('%d', (value, status) => {
    expect(assess(value, { degraded: 85, unhealthy: 95 })).toBe(status);
  });

  it('leaves no room for DEGRADED between equal thresholds', () => {
    expect(assess(50, { degraded: 50, unhealthy: 50 })).toBe('UNHEALTHY');
  });
});

it('orders the worst first', () => {
  expect((['HEALTHY', 'UNHEALTHY', 'DEGRADED'] as const).toSorted(compareBadness)).toEqual([
    'UNHEALTHY',
    'DEGRADED',
    'HEALTHY',
  ]);
  expect(worstOf(['DEGRADED', 'HEALTHY'])).toBe('DEGRADED');
  expect(worstOf([])).toBe('HEALTHY');
});
