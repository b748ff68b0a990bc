import { join } from 'node:path';
import { type Group, numberOf, readGroups, readOrNull, tightest, toNumber } from './cgroup.ts';

/** The processor time that the processes of a group (such as a container) may use together. */
export interface GroupCpu {
  /** Identifies the group. */
  readonly folder: string;
  /** In processors: 1.5 is the time of one and a half processors. */
  readonly limit: number;
  /** Milliseconds of processor time used since the group was created. */
  readonly usedMs: number;
}

/**
 * The tightest limit of the groups that this process is in, as `readGroupMemory` finds it.
 *
 * @param root the root of the file system
 */
export async function readGroupCpu(root = '/'): Promise<GroupCpu | null> {
  return tightest(await readGroups(root, 'cpu', (group) => READERS[group.version](group)));
}

const READERS = {
  async 1({ folder }: Group): Promise<GroupCpu | null> {
    const read = (controller: string, name: string) => readOrNull(join(folder(controller), name));
    const nanoseconds = toNumber(await read('cpuacct', 'cpuacct.usage'));
    return toGroup(folder('cpu'), {
      quota: toNumber(await read('cpu', 'cpu.cfs_quota_us')),
      period: toNumber(await read('cpu', 'cpu.cfs_period_us')),
      processors: countOf(await read('cpuset', 'cpuset.effective_cpus')),
      usedMs: nanoseconds === null ? null : nanoseconds / 1e6,
    });
  },
  async 2({ folder }: Group): Promise<GroupCpu | null> {
    const read = (name: string) => readOrNull(join(folder('cpu'), name));
    const [quota, period] = ((await read('cpu.max')) ?? '').split(' ').map(toNumber);
    const microseconds = numberOf('usage_usec', await read('cpu.stat'));
    return toGroup(folder('cpu'), {
      quota,
      period,
      processors: countOf(await read('cpuset.cpus.effective')),
      usedMs: microseconds === null ? null : microseconds / 1000,
    });
  },
} as const;

interface Known {
  /** Microseconds of processor time that the group may use per period, if that is limited. */
  readonly quota: number | null | undefined;
  readonly period: number | null | undefined;
  /** How many processors the group may run on. */
  readonly processors: number | null;
  readonly usedMs: number | null;
}

/**
 * A group has the lower one of its quota and its processors (`docker run --cpus`, `--cpuset-cpus`).
 */
function toGroup(folder: string, { quota, period, processors, usedMs }: Known): GroupCpu | null {
  const limits = [quota && period ? quota / period : null, processors].filter((limit) => limit !== null);
  return limits.length > 0 && usedMs !== null ? { folder, limit: Math.min(...limits), usedMs } : null;
}

/** Counts the members of a list such as "0-2,5". Null if there are none. */
function countOf(list: string | null): number | null {
  const ranges = (list ?? '')
    .trim()
    .split(',')
    .map((range) => /^(\d+)(?:-(\d+))?$/.exec(range));
  const counts = ranges.map((range) =>
    range === null ? 0 : Number(range[2] ?? range[1]) - Number(range[1]) + 1,
  );
  return counts.reduce((sum, count) => sum + count, 0) || null;
}
