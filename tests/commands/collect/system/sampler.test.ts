import { describe, expect, it } from 'vitest';
import {
  type CpuReading,
  cpuUsageOf,
  createSystemSampler,
  findFullestDisk,
  memoryUsageOf,
  toPercent,
} from '../../../../src/commands/collect/system/sampler.ts';

const disk = (mount: string, use: number, fields: object = {}) => {
  return { mount, use, type: 'ext4', size: 1e9, rw: true, ...fields };
};

describe('findFullestDisk', () => {
  it.each([
    ['finds none in an empty list', [], null],
    ['finds the fullest', [disk('/', 20), disk('/data', 80), disk('/home', 30)], '/data'],
    ['ignores a read-only one, which is always full', [disk('/', 20), disk('/usr', 99, { rw: false })], '/'],
    [
      'ignores an image, which is always full',
      [disk('/', 20), disk('/snap/core', 100, { type: 'squashfs' })],
      '/',
    ],
    ['ignores memory', [disk('/', 20), disk('/run', 90, { type: 'tmpfs' })], '/'],
    ['ignores one that reports no size', [disk('/', 20), disk('/proc', 100, { size: 0 })], '/'],
    ['finds the file system of a container', [disk('/', 55, { type: 'overlay' })], '/'],
  ])('%s', (_, disks, mount) => {
    expect(findFullestDisk(disks)?.mount ?? null).toBe(mount);
  });
});

describe('cpuUsageOf', () => {
  const group = { folder: '/', limit: 0.5, usedMs: 1000 };
  const before: CpuReading = { machine: 5, processors: 4, group, at: 0 };
  const now: CpuReading = { machine: 20, processors: 4, group: { ...group, usedMs: 2500 }, at: 10_000 };
  it.each<[string, CpuReading, CpuReading, number]>([
    ['the machine', { ...before, group: null }, { ...now, group: null }, 20],
    ['a container with less time than the machine', before, now, 30],
    ['a container with as many processors as the machine', before, { ...now, processors: 0.5 }, 20],
    ['a container that has just received a limit', { ...before, group: null }, now, 20],
    ['a process that was moved to another group', { ...before, group: { ...group, folder: '/a' } }, now, 20],
  ])('of %s', (_, from, to, percent) => {
    expect(cpuUsageOf(from, to)).toBe(percent);
  });
});

describe('memoryUsageOf', () => {
  const machine = { total: 1000, available: 750 };
  it.each([
    ['the machine', null, 25],
    ['a container with less memory than the machine', { limit: 200, used: 150 }, 75],
    ["a container with a limit above the machine's memory", { limit: 2000, used: 150 }, 25],
  ])('of %s', (_, group, percent) => {
    expect(memoryUsageOf(machine, group)).toBe(percent);
  });
});

describe('toPercent', () => {
  it.each([
    [12.3456, 12.35],
    [100.2, 100],
    [-0.1, 0],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
  ])('%d', (value, percent) => {
    expect(toPercent(value)).toBe(percent);
  });
});

it('samples this machine', async () => {
  const sampler = await createSystemSampler();
  const use = await sampler.sample();
  for (const value of [use.cpuUsage, use.memoryUsage]) {
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThanOrEqual(100);
  }
  // Every machine uses some memory.
  expect(use.memoryUsage).toBeGreaterThan(0);
});
