import { describe, expect, it } from 'vitest';
import type { HealthStatus } from '../../src/core/health-status.ts';
import { assessService, type ServiceFacts, type ServiceSample } from '../../src/health/assess-service.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const LIMITS = {
  errorRate: { degraded: 0.05, unhealthy: 0.2 },
  minimumRequests: 20,
  cpuUsage: { degraded: 85, unhealthy: 95 },
  memoryUsage: { degraded: 80, unhealthy: 90 },
  diskUsage: { degraded: 70, unhealthy: 99 },
  sampleMaxAgeMs: 300_000,
};
const SAMPLE: ServiceSample = {
  timestamp: NOW - 10_000,
  lastSeenAt: NOW - 9_000,
  overallStatus: 'HEALTHY',
  cpuUsage: 10,
  memoryUsage: 20,
  diskUsage: 30,
  apiLatencyMs: null,
  websocketConnections: null,
  errorCount: 0,
};
const NO_REQUESTS = { requests: 0, errors: 0 };

function assess(facts: Partial<ServiceFacts>) {
  const given = { service: 'api', environment: null, sample: SAMPLE, counts: NO_REQUESTS, ...facts };
  return assessService(given, LIMITS, NOW);
}
const sampled = (fields: Partial<ServiceSample>) => assess({ sample: { ...SAMPLE, ...fields } });

describe('assessService', () => {
  it.each<[Partial<ServiceSample>, HealthStatus, string[]]>([
    [{}, 'HEALTHY', ['The newest sample of api shows nothing wrong.']],
    [
      { cpuUsage: null, memoryUsage: null, diskUsage: null },
      'HEALTHY',
      ['The newest sample of api shows nothing wrong.'],
    ],
    [{ overallStatus: 'DEGRADED' }, 'DEGRADED', ['api reports itself as degraded.']],
    [{ overallStatus: 'UNHEALTHY' }, 'UNHEALTHY', ['api reports itself as unhealthy.']],
    [{ cpuUsage: 85 }, 'DEGRADED', ['Processor use of api is 85 %: 85 % or more is degraded.']],
    [{ cpuUsage: 95 }, 'UNHEALTHY', ['Processor use of api is 95 %: 95 % or more is unhealthy.']],
    [{ memoryUsage: 80 }, 'DEGRADED', ['Memory use of api is 80 %: 80 % or more is degraded.']],
    [{ memoryUsage: 90 }, 'UNHEALTHY', ['Memory use of api is 90 %: 90 % or more is unhealthy.']],
    [{ diskUsage: 70 }, 'DEGRADED', ['Disk use of api is 70 %: 70 % or more is degraded.']],
    [{ diskUsage: 99 }, 'UNHEALTHY', ['Disk use of api is 99 %: 99 % or more is unhealthy.']],
    [
      { overallStatus: 'DEGRADED', cpuUsage: 99, diskUsage: 71 },
      'UNHEALTHY',
      [
        'Processor use of api is 99 %: 95 % or more is unhealthy.',
        'api reports itself as degraded.',
        'Disk use of api is 71 %: 70 % or more is degraded.',
      ],
    ],
  ])('uses its sample: %j', (fields, status, reasons) => {
    expect(sampled(fields)).toMatchObject({ status, reasons, stale: false });
  });

  it.each<[Partial<ServiceFacts>, string]>([
    [{ environment: 'production' }, 'api (production)'],
    [{ service: null }, 'an unnamed service'],
    [{ service: null, environment: 'staging' }, 'an unnamed service (staging)'],
  ])('uses its name: %j', (facts, name) => {
    expect(assess({ ...facts, sample: { ...SAMPLE, cpuUsage: 90 } }).reasons).toEqual([
      `Processor use of ${name} is 90 %: 85 % or more is degraded.`,
    ]);
  });

  it('uses its requests, with or without a sample', () => {
    const counts = { requests: 20, errors: 2 };
    const reasons = ['2 of 20 requests of api failed (10 %): 5 % or more is degraded.'];
    expect(assess({ counts })).toMatchObject({ status: 'DEGRADED', reasons, bySample: [] });
    expect(assess({ counts, sample: null })).toMatchObject({ status: 'DEGRADED', reasons, stale: false });
    const few = assess({ counts: { requests: 2, errors: 2 }, sample: null });
    expect(few).toMatchObject({ status: 'HEALTHY', byRequests: [] });
    expect(few.reasons).toEqual([
      'There were too few requests of api to assess: 2, and at least 20 are needed.',
    ]);
  });

  it('uses its silence: an old sample does not count', () => {
    const old = { ...SAMPLE, lastSeenAt: NOW - 300_001, overallStatus: 'UNHEALTHY', cpuUsage: 99 } as const;
    const silent = assess({ sample: old });
    expect(silent).toMatchObject({ status: 'DEGRADED', stale: true, bySample: [], byRequests: [] });
    expect(silent.reasons).toEqual([
      'The newest sample of api is from 2026-11-22T11:54:59.999Z: it is older than 300 s and does not count.',
    ]);
    expect(assess({ sample: { ...old, lastSeenAt: NOW - 300_000 } })).toMatchObject({
      status: 'UNHEALTHY',
      stale: false,
    });
    const serving = assess({ sample: old, counts: { requests: 30, errors: 0 } });
    expect(serving).toMatchObject({ status: 'HEALTHY', stale: true });
  });

  it("uses the time at which the server received its sample, regardless of the service's clock", () => {
    expect(sampled({ timestamp: NOW + 3_600_000, lastSeenAt: NOW - 400_000 }).stale).toBe(true);
    expect(sampled({ timestamp: NOW - 3_600_000, lastSeenAt: NOW - 1_000 }).stale).toBe(false);
  });
});
