import { join } from 'node:path';
import { type Group, numberOf, readGroups, readOrNull, tightest, toNumber } from './cgroup.ts';

/** The memory in bytes that the processes of a group (such as a container) may use together. */
export interface GroupMemory {
  readonly limit: number;
  /** Without caches, which are released before the limit is reached. */
  readonly used: number;
}

/** The file names of a version of control groups. */
interface Names {
  readonly limit: string;
  readonly usage: string;
  /** The lines of `memory.stat` with memory that can be released. */
  readonly reclaimable: readonly string[];
}

const NAMES: Readonly<Record<1 | 2, Names>> = {
  1: {
    limit: 'memory.limit_in_bytes',
    usage: 'memory.usage_in_bytes',
    reclaimable: ['total_inactive_file', 'total_active_file'],
  },
  2: {
    limit: 'memory.max',
    usage: 'memory.current',
    reclaimable: ['inactive_file', 'active_file', 'slab_reclaimable'],
  },
};

/**
 * The tightest limit of the groups that this process is in, from its own up to the root, with its
 * usage. Null if there is none: no container, no Linux, no limit.
 *
 * @param root the root of the file system
 */
export async function readGroupMemory(root = '/'): Promise<GroupMemory | null> {
  return tightest(await readGroups(root, 'memory', readGroup));
}

async function readGroup({ version, folder }: Group): Promise<GroupMemory | null> {
  const names = NAMES[version];
  const read = (name: string) => readOrNull(join(folder('memory'), name));
  const [limit, usage] = (await Promise.all([read(names.limit), read(names.usage)])).map(toNumber);
  if (limit == null || usage == null) return null;
  const stat = await read('memory.stat');
  const caches = names.reclaimable.reduce((sum, name) => sum + (numberOf(name, stat) ?? 0), 0);
  return { limit, used: Math.max(0, usage - caches) };
}
