import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '../../../core/thrown.ts';

/**
 * Where Linux mounts control groups: version 2 itself, version 1 in a folder for each controller.
 */
const MOUNT = 'sys/fs/cgroup';

/** A group of one version; version 1 has a folder for each controller, version 2 one for all. */
export interface Group {
  readonly version: 1 | 2;
  folder(controller: string): string;
}

/**
 * Reads the groups that this process is in, from its own up to the root, and returns the results
 * for those with a limit.
 *
 * @param root the root of the file system
 * @param controller the name of the limited resource in version 1
 * @param read reads a group; null if it has no limit
 */
export async function readGroups<Known>(
  root: string,
  controller: string,
  read: (group: Group) => Promise<Known | null>,
): Promise<Known[]> {
  const memberships = (await readOrNull(join(root, 'proc/self/cgroup'))) ?? '';
  const path2 = /^0::(\/.*)$/m.exec(memberships)?.[1];
  const path1 = new RegExp(`^\\d+:(?:[^:]*,)?${controller}(?:,[^:]*)?:(/.*)$`, 'm').exec(memberships)?.[1];
  const groups: Group[] = [
    ...groupsUpFrom(path2).map((path) => ({ version: 2 as const, folder: () => join(root, MOUNT, path) })),
    ...groupsUpFrom(path1).map((path) => ({
      version: 1 as const,
      folder: (name: string) => join(root, MOUNT, name, path),
    })),
  ];
  return (await Promise.all(groups.map(read))).filter((known) => known !== null);
}

/**
 * A container may see its own group as the root and still get the path outside of the container.
 * Groups that do not exist there have no limit.
 */
function groupsUpFrom(path: string | undefined): string[] {
  if (path === undefined) return [];
  return path === '/' ? ['/'] : [path, ...groupsUpFrom(dirname(path))];
}

/** The group with the lowest limit. */
export const tightest = <Group extends { readonly limit: number }>(groups: readonly Group[]): Group | null =>
  groups.reduce<Group | null>(
    (least, group) => (least === null || group.limit < least.limit ? group : least),
    null,
  );

/** Null for "max" and -1, which mean no limit, and for a text that is not a number. */
export function toNumber(text: string | null | undefined): number | null {
  return text != null && /^\d+\s*$/.test(text) ? Number(text) : null;
}

/** The number after a name in a file of lines. Null if there is none. */
export function numberOf(name: string, lines: string | null): number | null {
  return toNumber(new RegExp(`^${name} (\\d+)$`, 'm').exec(lines ?? '')?.[1]);
}

/** Null if the file does not exist or this process may not read it. */
export async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' || code === 'EPERM') return null;
    throw error;
  }
}
