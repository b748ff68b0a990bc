import { describe, expect, it } from 'vitest';
import type { HealthStatus } from '../../src/core/health-status.ts';
import { decideHealth } from '../../src/health/decide-health.ts';
import { errorRateOf, findErrorRate, findEventLoopDelay, findLevel } from '../../src/health/findings.ts';

const LIMITS = { errorRate: { degraded: 0.05, unhealthy: 0.2 }, minimumRequests: 20 };

describe('decideHealth', () => {
  const finding = (status: HealthStatus, reason: string) => ({ status, reason });

  it.each<[string, HealthStatus[], HealthStatus]>([
    ['nothing', [], 'HEALTHY'],
    ['only good verdicts', ['HEALTHY', 'HEALTHY'], 'HEALTHY'],
    ['one degraded verdict', ['HEALTHY', 'DEGRADED', 'HEALTHY'], 'DEGRADED'],
    ['one unhealthy verdict', ['DEGRADED', 'HEALTHY', 'UNHEALTHY'], 'UNHEALTHY'],
  ])('the worst verdict decides: %s', (_, statuses, status) => {
    expect(decideHealth(statuses.map((each) => finding(each, each))).status).toBe(status);
  });

  it('lists problems, the worst first, and good news only if there are no problems', () => {
    const right = finding('HEALTHY', 'right');
    expect(decideHealth([right, finding('HEALTHY', 'also right')]).reasons).toEqual(['right', 'also right']);
    const wrong = [finding('DEGRADED', 'b'), right, finding('UNHEALTHY', 'c'), finding('DEGRADED', 'a')];
    expect(decideHealth(wrong).reasons).toEqual(['c', 'b', 'a']);
  });
});

describe('findErrorRate', () => {
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
    expect(findErrorRate({ requests, errors }, LIMITS).status).toBe(status);
    expect(errorRateOf({ requests, errors })).toBe(requests === 0 ? null : errors / requests);
  });

  it('gives the reason, and does not round a rate up to the threshold', () => {
    const reasonOf = (requests: number, errors: number) => findErrorRate({ requests, errors }, LIMITS).reason;
    expect(reasonOf(0, 0)).toBe('There were no requests.');
    expect(reasonOf(5, 5)).toBe('There were too few requests to assess: 5, and at least 20 are needed.');
    expect(reasonOf(10_000, 499)).toBe('499 of 10000 requests failed (4.9 %): less than 5 %.');
    expect(reasonOf(100, 7)).toBe('7 of 100 requests failed (7 %): 5 % or more is degraded.');
    expect(reasonOf(100, 29)).toBe('29 of 100 requests failed (29 %): 20 % or more is unhealthy.');
  });

  it('names the service', () => {
    const { reason } = findErrorRate({ requests: 100, errors: 7 }, LIMITS, 'checkout');
    expect(reason).toBe('7 of 100 requests of checkout failed (7 %): 5 % or more is degraded.');
  });
});

describe('findLevel', () => {
  it.each([
    [null, []],
    [84.99, []],
    [85, [{ status: 'DEGRADED', reason: 'Disk use of db is 85 %: 85 % or more is degraded.' }]],
    [94.96, [{ status: 'DEGRADED', reason: 'Disk use of db is 94.9 %: 85 % or more is degraded.' }]],
    [95, [{ status: 'UNHEALTHY', reason: 'Disk use of db is 95 %: 95 % or more is unhealthy.' }]],
  ])('%s %%', (value, findings) => {
    expect(findLevel('Disk use of db', value, { degraded: 85, unhealthy: 95 })).toEqual(findings);
  });
});

describe('findEventLoopDelay', () => {
  it.each([
    [99.9, []],
    [100.7, ["The delay of the server's event loop (p99) is 100 ms: 100 ms or more is degraded."]],
    [2500, ["The delay of the server's event loop (p99) is 2500 ms: 1000 ms or more is unhealthy."]],
  ])('%d ms', (delay, reasons) => {
    const findings = findEventLoopDelay(delay, { degraded: 100, unhealthy: 1000 });
    expect(findings.map(({ reason }) => reason)).toEqual(reasons);
  });
});
