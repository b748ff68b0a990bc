import { expect, it } from 'vitest';
import { statusOf, toEvent } from '../../../../src/commands/collect/system/to-event.ts';
import { loadConfig } from '../../../../src/config/config.ts';
import { uuidOf } from '../../../support/events.ts';

const THRESHOLDS = loadConfig({}).health;
const NOTHING = { cpuUsage: null, memoryUsage: null, diskUsage: null, fullestDisk: null };

it.each([
  [{}, 'HEALTHY'],
  [{ cpuUsage: 84.9, memoryUsage: 84.9, diskUsage: 84.9 }, 'HEALTHY'],
  [{ cpuUsage: 85 }, 'DEGRADED'],
  [{ memoryUsage: 85 }, 'DEGRADED'],
  [{ diskUsage: 85 }, 'DEGRADED'],
  [{ cpuUsage: 85, diskUsage: 95 }, 'UNHEALTHY'],
])('%j is %s', (use, status) => {
  expect(statusOf({ ...NOTHING, ...use }, THRESHOLDS)).toBe(status);
});

it('is a health sample with the values that the machine reports', () => {
  const origin = { service: 'build-1', environment: 'production', thresholds: THRESHOLDS };
  const at = { id: uuidOf(1), time: Date.parse('2026-11-22T12:00:00Z') };
  const use = { cpuUsage: 10, memoryUsage: 20, diskUsage: 96, fullestDisk: '/data' };
  const common = { id: uuidOf(1), timestamp: '2026-11-22T12:00:00.000Z', service: 'build-1' };
  expect(toEvent(use, origin, at)).toEqual({
    ...common,
    environment: 'production',
    overallStatus: 'UNHEALTHY',
    cpuUsage: 10,
    memoryUsage: 20,
    diskUsage: 96,
    details: { fullestDisk: '/data' },
  });
  expect(toEvent({ ...NOTHING, cpuUsage: 0 }, { ...origin, environment: null }, at)).toEqual({
    ...common,
    overallStatus: 'HEALTHY',
    cpuUsage: 0,
  });
});
