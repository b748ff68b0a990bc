import { describe, expect, it } from 'vitest';
import { decideHealth, type HealthStatus } from '../../../src/domains/health/health/decide-health.ts';

const THRESHOLDS = { degradedErrorRate: 0.05, unhealthyErrorRate: 0.2, minimumRequests: 20 };

describe('decideHealth', () => {
  it.each<[number, number, HealthStatus]>([
    [0, 0, 'HEALTHY'],
    [1, 1, 'HEALTHY'],
    [19, 19, 'HEALTHY'],
    [20, 0, 'HEALTHY'],
    [20, 1, 'DEGRADED'],
    [20, 3, 'DEGRADED'],
    [20, 4, 'UNHEALTHY'],
    [20, 20, 'UNHEALTHY'],
    [1000, 49, 'HEALTHY'],
    [1000, 50, 'DEGRADED'],
    [1000, 199, 'DEGRADED'],
    [1000, 200, 'UNHEALTHY'],
  ])('finds %i requests with %i errors %s', (requests, errors, status) => {
    const decision = decideHealth({ requests, errors }, THRESHOLDS);
    expect(decision.status).toBe(status);
    expect(decision.errorRate).toBe(requests === 0 ? null : errors / requests);
    expect(decision.reasons).toHaveLength(1);
  });

  it('says why, and does not round a rate up to the threshold', () => {
    const reasonOf = (requests: number, errors: number) =>
      decideHealth({ requests, errors }, THRESHOLDS).reasons[0];
    expect(reasonOf(0, 0)).toBe('There were no requests.');
    expect(reasonOf(5, 5)).toBe('5 of the 20 requests that a verdict needs: too few to judge.');
    expect(reasonOf(10_000, 499)).toBe('499 of 10000 requests failed (4.9 %): less than 5 %.');
    expect(reasonOf(100, 7)).toBe('7 of 100 requests failed (7 %): 5 % or more is degraded.');
    expect(reasonOf(100, 29)).toBe('29 of 100 requests failed (29 %): 20 % or more is unhealthy.');
  });
});
