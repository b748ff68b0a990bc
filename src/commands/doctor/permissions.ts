import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { codeOf } from '../../core/thrown.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

/** A file or folder that a server uses. */
export interface AccessTo {
  readonly what: string;
  readonly path: string;
  readonly needs: 'read' | 'write';
  /** It holds events, hashes of keys, or secrets of webhooks. */
  readonly isSecret: boolean;
}

export interface PermissionFacts extends AccessTo {
  readonly exists: boolean;
  /** Why this user cannot use it, such as EACCES. Null: it can. */
  readonly refused: string | null;
  /** The permissions of the file, such as 0o644; null where files have none. */
  readonly mode: number | null;
}

const OTHERS_READ = 0o004;
const OTHERS_WRITE = 0o002;
const NEEDED = { read: constants.R_OK, write: constants.R_OK | constants.W_OK } as const;

/** For a file that does not exist yet, examines the folder in which it would be created. */
export function probePermissions(accesses: readonly AccessTo[]): PermissionFacts[] {
  return accesses.map((access) => {
    const exists = existsSync(access.path);
    const existing = exists ? access.path : nearestFolder(access.path);
    const mode = exists && process.platform !== 'win32' ? statSync(access.path).mode & 0o777 : null;
    return { ...access, exists, refused: refusalOf(existing, NEEDED[access.needs]), mode };
  });
}

function nearestFolder(path: string): string {
  const folder = dirname(resolve(path));
  return existsSync(folder) ? folder : nearestFolder(folder);
}

function refusalOf(path: string, mode: number): string | null {
  try {
    accessSync(path, mode);
    return null;
  } catch (error) {
    return codeOf(error) ?? String(error);
  }
}

export function assessPermissions(facts: readonly PermissionFacts[]): readonly Finding[] {
  const findings = facts.flatMap(assess);
  return findings.length > 0
    ? findings
    : [ok('permissions', `All files are accessible: ${facts.map(({ path }) => path).join(', ')}.`)];
}

function assess({ what, path, needs, isSecret, exists, refused, mode }: PermissionFacts): Finding[] {
  const subject = `${path} (${what})`;
  if (needs === 'read' && !exists) {
    return [
      wrong(
        'permissions',
        `${subject} does not exist.`,
        'Correct the variable that names it, or create the file.',
      ),
    ];
  }
  if (refused !== null) {
    const verb = needs === 'read' ? 'read' : exists ? 'read and written' : 'made';
    return [
      wrong(
        'permissions',
        `${subject} cannot be ${verb} by this user (${refused}).`,
        'Change its owner to the user that the server runs as (chown), and run the doctor as that user.',
      ),
    ];
  }
  if (!isSecret || mode === null) return [];
  if ((mode & OTHERS_WRITE) !== 0) {
    return [wrong('permissions', `Anyone on this machine can change ${subject}.`, `chmod o-rwx ${path}`)];
  }
  if ((mode & OTHERS_READ) === 0) return [];
  return [
    warning(
      'permissions',
      `Anyone on this machine can read ${subject}, including key hashes and webhook secrets.`,
      `chmod o-rwx ${path}, and its folder: DuckDB's log beside a columnar copy has the permissions of the umask.`,
    ),
  ];
}
