import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGroupCpu } from '../../../../src/commands/collect/system/cgroup-cpu.ts';
import { type Files, usePlantedFiles } from './support/planted-files.ts';

const plant = usePlantedFiles();

const V2 = 'sys/fs/cgroup';
const V1 = 'sys/fs/cgroup/cpu';

const groupV2 = (path: string, max: string, microseconds: number): Files => ({
  [`${V2}${path}/cpu.max`]: `${max}\n`,
  [`${V2}${path}/cpu.stat`]: `usage_usec ${microseconds}\nuser_usec 7\nsystem_usec 3\nnr_periods 0\n`,
});

const groupV1 = (path: string, quota: string, nanoseconds: number): Files => ({
  [`${V1}${path}/cpu.cfs_quota_us`]: `${quota}\n`,
  [`${V1}${path}/cpu.cfs_period_us`]: '100000\n',
  [`sys/fs/cgroup/cpuacct${path}/cpuacct.usage`]: `${nanoseconds}\n`,
});

describe('readGroupCpu', () => {
  it.each<[string, Files, { folder: string; limit: number; usedMs: number } | null]>([
    ['not on Linux', {}, null],
    [
      'a machine without limits',
      { 'proc/self/cgroup': '0::/user.slice\n', ...groupV2('/user.slice', 'max 100000', 5000) },
      null,
    ],
    [
      'a container',
      { 'proc/self/cgroup': '0::/\n', ...groupV2('', '150000 100000', 2_500_000) },
      { folder: `${V2}/`, limit: 1.5, usedMs: 2500 },
    ],
    [
      'a group within a group with a tighter limit',
      {
        'proc/self/cgroup': '0::/pod/main\n',
        ...groupV2('/pod/main', '400000 100000', 1000),
        ...groupV2('/pod', '50000 100000', 9000),
      },
      { folder: `${V2}/pod`, limit: 0.5, usedMs: 9 },
    ],
    [
      'a container that sees its path outside',
      { 'proc/self/cgroup': '0::/docker/4f2a\n', ...groupV2('', '100000 50000', 1000) },
      { folder: `${V2}/`, limit: 2, usedMs: 1 },
    ],
    [
      'a limit without its usage',
      { 'proc/self/cgroup': '0::/\n', [`${V2}/cpu.max`]: '50000 100000\n' },
      null,
    ],
    [
      'version 1',
      {
        'proc/self/cgroup': '5:cpu,cpuacct:/docker/4f2a\n4:memory:/docker/4f2a\n0::/docker/4f2a\n',
        ...groupV1('/docker/4f2a', '25000', 3_000_000),
        ...groupV1('', '-1', 9_000_000),
      },
      { folder: `${V1}/docker/4f2a`, limit: 0.25, usedMs: 3 },
    ],
    [
      'a container on three processors',
      {
        'proc/self/cgroup': '0::/\n',
        ...groupV2('', 'max 100000', 7000),
        [`${V2}/cpuset.cpus.effective`]: '0-1,5\n',
      },
      { folder: `${V2}/`, limit: 3, usedMs: 7 },
    ],
    [
      'a quota below its processors',
      {
        'proc/self/cgroup': '0::/\n',
        ...groupV2('', '50000 100000', 7000),
        [`${V2}/cpuset.cpus.effective`]: '0-3\n',
      },
      { folder: `${V2}/`, limit: 0.5, usedMs: 7 },
    ],
    [
      'version 1 on one processor',
      {
        'proc/self/cgroup': '5:cpu,cpuacct:/docker/4f2a\n3:cpuset:/docker/4f2a\n',
        ...groupV1('/docker/4f2a', '-1', 3_000_000),
        'sys/fs/cgroup/cpuset/docker/4f2a/cpuset.effective_cpus': '4\n',
      },
      { folder: `${V1}/docker/4f2a`, limit: 1, usedMs: 3 },
    ],
    [
      'no processor in the list',
      {
        'proc/self/cgroup': '0::/\n',
        ...groupV2('', 'max 100000', 7),
        [`${V2}/cpuset.cpus.effective`]: '\n',
      },
      null,
    ],
    ['version 1 without limits', { 'proc/self/cgroup': '5:cpuacct,cpu:/\n', ...groupV1('', '-1', 9) }, null],
  ])('%s', async (_, files, expected) => {
    const root = plant(files);
    const found = await readGroupCpu(root);
    expect(found).toEqual(expected === null ? null : { ...expected, folder: join(root, expected.folder) });
  });
});
