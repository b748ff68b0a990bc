import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The memory that the processes of a group, such as a container, may have together. In bytes. */
export interface GroupMemory {
  readonly limit: number;
  /** Without what caches hold: that is given back before the limit is felt. */
  readonly used: number;
}

/** Where a version of control groups says what. */
interface Version {
  /** Where the groups are mounted. */
  readonly mount: string;
  readonly limit: string;
  readonly usage: string;
  /** The lines of `memory.stat` with what can be given back. */
  readonly reclaimable: readonly string[];
  /** This process's line of `/proc/self/cgroup`; its first group is the path. */
  readonly membership: RegExp;
}

const VERSIONS: readonly Version[] = [
  {
    mount: 'sys/fs/cgroup',
    limit: 'memory.max',
    usage: 'memory.current',
    reclaimable: ['inactive_file', 'active_file', 'slab_reclaimable'],
    membership: /^0::(\/.*)$/m,
  },
  {
    mount: 'sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    usage: 'memory.usage_in_bytes',
    reclaimable: ['total_inactive_file', 'total_active_file'],
    membership: /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(\/.*)$/m,
  },
];

/**
 * The tightest limit of the groups that this process is in, from its own up to the root, with what is used of it; null where there
 * is none: no container, no Linux, no limit.
 *
 * @param root where the machine's files are
 */
export async function readGroupMemory(root = '/'): Promise<GroupMemory | null> {
  const memberships = (await readOrNull(join(root, 'proc/self/cgroup'))) ?? '';
  let tightest: GroupMemory | null = null;
  for (const version of VERSIONS) {
    const path = version.membership.exec(memberships)?.[1];
    if (path === undefined) continue;
    for (const group of groupsUpFrom(path)) {
      const memory = await readGroup(join(root, version.mount, group), version);
      if (memory !== null && (tightest === null || memory.limit < tightest.limit)) tightest = memory;
    }
  }
  return tightest;
}

/** A container that sees its own group as the root may yet be told its path outside: the groups that are not there have no limit. */
function groupsUpFrom(path: string): string[] {
  return path === '/' ? ['/'] : [path, ...groupsUpFrom(dirname(path))];
}

async function readGroup(folder: string, version: Version): Promise<GroupMemory | null> {
  const read = (name: string) => readOrNull(join(folder, name));
  const [limit, usage] = (await Promise.all([read(version.limit), read(version.usage)])).map(toBytes);
  if (limit == null || usage == null) return null;
  const stat = (await read('memory.stat')) ?? '';
  const caches = version.reclaimable.map(
    (name) => toBytes(new RegExp(`^${name} (\\d+)$`, 'm').exec(stat)?.[1] ?? null) ?? 0,
  );
  return { limit, used: Math.max(0, usage - caches.reduce((sum, bytes) => sum + bytes, 0)) };
}

/** Null for "max", which is no limit, and for what is no number of bytes. */
function toBytes(text: string | null): number | null {
  return text !== null && /^\d+\s*$/.test(text) ? Number(text) : null;
}

/** Null when there is no such file, or none that this process may read. */
async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' || code === 'EPERM') return null;
    throw error;
  }
}
