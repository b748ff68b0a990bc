import { describe, expect, it } from 'vitest';
import { readGroupMemory } from '../../../../src/commands/collect/system/cgroup-memory.ts';
import { usePlantedFiles } from './support/planted-files.ts';

const plant = usePlantedFiles();

const V2 = 'sys/fs/cgroup';
const V1 = 'sys/fs/cgroup/memory';
const UNLIMITED_V1 = '9223372036854771712\n';

const groupV2 = (path: string, limit: string, usage: number) => ({
  [`${V2}${path}/memory.max`]: `${limit}\n`,
  [`${V2}${path}/memory.current`]: `${usage}\n`,
  [`${V2}${path}/memory.stat`]: 'anon 5\nfile 99\ninactive_file 20\nactive_file 10\nslab_reclaimable 1\n',
});

describe('readGroupMemory', () => {
  it.each([
    ['not on Linux', {}, null],
    [
      'a machine without limits',
      { 'proc/self/cgroup': '0::/user.slice\n', ...groupV2('/user.slice', 'max', 100) },
      null,
    ],
    ['a container', { 'proc/self/cgroup': '0::/\n', ...groupV2('', '400', 131) }, { limit: 400, used: 100 }],
    [
      'a group within a group with a tighter limit',
      {
        'proc/self/cgroup': '0::/pod/main\n',
        ...groupV2('/pod/main', '400', 131),
        ...groupV2('/pod', '300', 231),
      },
      { limit: 300, used: 200 },
    ],
    [
      'a container that sees its path outside',
      { 'proc/self/cgroup': '0::/docker/4f2a\n', ...groupV2('', '400', 131) },
      { limit: 400, used: 100 },
    ],
    [
      'more caches than usage',
      { 'proc/self/cgroup': '0::/\n', ...groupV2('', '400', 7) },
      { limit: 400, used: 0 },
    ],
    [
      'version 1',
      {
        'proc/self/cgroup': '5:cpu,cpuacct:/docker/4f2a\n4:memory:/docker/4f2a\n0::/docker/4f2a\n',
        [`${V1}/docker/4f2a/memory.limit_in_bytes`]: '500\n',
        [`${V1}/docker/4f2a/memory.usage_in_bytes`]: '131\n',
        [`${V1}/docker/4f2a/memory.stat`]: 'inactive_file 1\ntotal_inactive_file 21\ntotal_active_file 10\n',
        [`${V1}/memory.limit_in_bytes`]: UNLIMITED_V1,
        [`${V1}/memory.usage_in_bytes`]: '900\n',
      },
      { limit: 500, used: 100 },
    ],
  ])('%s', async (_, files, expected) => {
    expect(await readGroupMemory(plant(files as Record<string, string>))).toEqual(expected);
  });
});
