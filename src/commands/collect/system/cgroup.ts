import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

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
 * Reads the groups that this process is in, each from its own up to the root, and answers what is
 * known of those that tell.
 *
 * @param root where the machine's files are
 * @param controller what version 1 calls what is limited
 * @param read what is known of a group; null: it has no limit
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
 * A container that sees its own group as the root may yet be told its path outside: the groups that
 * are not there have no limit.
 */
function groupsUpFrom(path: string | undefined): string[] {
  if (path === undefined) return [];
  return path === '/' ? ['/'] : [path, ...groupsUpFrom(dirname(path))];
}

/** The group that leaves least. */
export const tightest = <Group extends { readonly limit: number }>(groups: readonly Group[]): Group | null =>
  groups.reduce<Group | null>(
    (least, group) => (least === null || group.limit < least.limit ? group : least),
    null,
  );

/** Null for "max" and -1, which are no limit, and for what is no number. */
export function toNumber(text: string | null | undefined): number | null {
  return text != null && /^\d+\s*$/.test(text) ? Number(text) : null;
}

/** The number behind a name in a file of lines; null when there is none. */
export function numberOf(name: string, lines: string | null): number | null {
  return toNumber(new RegExp(`^${name} (\\d+)$`, 'm').exec(lines ?? '')?.[1]);
}

/** Null when there is no such file, or none that this process may read. */
export async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' || code === 'EPERM') return null;
    throw error;
  }
}
