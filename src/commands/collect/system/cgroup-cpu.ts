import { join } from 'node:path';
import { type Group, numberOf, readGroups, readOrNull, tightest, toNumber } from './cgroup.ts';

/** The processor time that the processes of a group, such as a container, may have together. */
export interface GroupCpu {
  /** Which group it is. */
  readonly folder: string;
  /** Processors' worth of time: 1.5 is one and a half. */
  readonly limit: number;
  /** Milliseconds of processor time that were used since the group began. */
  readonly usedMs: number;
}

/**
 * The tightest limit of the groups that this process is in, as `readGroupMemory` finds it.
 *
 * @param root where the machine's files are
 */
export async function readGroupCpu(root = '/'): Promise<GroupCpu | null> {
  return tightest(await readGroups(root, 'cpu', (group) => READERS[group.version](group)));
}

const READERS = {
  async 1({ folder }: Group): Promise<GroupCpu | null> {
    const read = async (controller: string, name: string) =>
      toNumber(await readOrNull(join(folder(controller), name)));
    const quota = await read('cpu', 'cpu.cfs_quota_us');
    const period = await read('cpu', 'cpu.cfs_period_us');
    const nanoseconds = await read('cpuacct', 'cpuacct.usage');
    return toGroup(folder('cpu'), quota, period, nanoseconds === null ? null : nanoseconds / 1e6);
  },
  async 2({ folder }: Group): Promise<GroupCpu | null> {
    const [quota, period] = ((await readOrNull(join(folder('cpu'), 'cpu.max'))) ?? '')
      .split(' ')
      .map(toNumber);
    const microseconds = numberOf('usage_usec', await readOrNull(join(folder('cpu'), 'cpu.stat')));
    return toGroup(folder('cpu'), quota, period, microseconds === null ? null : microseconds / 1000);
  },
} as const;

function toGroup(
  folder: string,
  quota: number | null | undefined,
  period: number | null | undefined,
  usedMs: number | null,
): GroupCpu | null {
  return quota && period && usedMs !== null ? { folder, limit: quota / period, usedMs } : null;
}
