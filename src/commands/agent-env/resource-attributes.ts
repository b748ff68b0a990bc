import { hostname, userInfo } from 'node:os';
import { findRepository } from '../collect/git/repository.ts';
import { createGit, GitFailed } from '../collect/git/run-git.ts';
import { UsageError } from '../import/options.ts';

/**
 * What identifies the origin of telemetry: pairs of a name and a value, in the order in which they
 * are shown.
 */
export type ResourceAttributes = ReadonlyMap<string, string>;

export interface AttributesWanted {
  readonly folder: string;
  readonly agent: string | undefined;
  readonly task: string | undefined;
}

/**
 * Repository, branch, agent and task. `problem` says why there is no repository; null: there is
 * one.
 */
export async function readAttributes({ folder, agent, task }: AttributesWanted) {
  const attributes = new Map<string, string>();
  const problem = await addRepository(folder, attributes);
  attributes.set('agent.id', agent || `${userInfo().username}@${hostname()}`);
  if (task) attributes.set('task.id', task);
  return { attributes, problem };
}

async function addRepository(folder: string, attributes: Map<string, string>): Promise<string | null> {
  const git = createGit(folder);
  try {
    attributes.set('repo', (await findRepository(git)).name);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  try {
    attributes.set('branch', (await git.text(['symbolic-ref', '--quiet', '--short', 'HEAD'])).trim());
  } catch (error) {
    // A commit is checked out, not a branch.
    if (!(error instanceof GitFailed && error.exitCode === 1)) throw error;
  }
  return null;
}

/**
 * The characters that a value must not contain (W3C Baggage), and the percent sign that escapes
 * them. Nothing else is escaped, because not every SDK decodes escapes.
 */
const ESCAPED = /[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]|[%=]/gu;

const escaped = (value: string): string => value.replace(ESCAPED, encodeURIComponent);

/**
 * All attributes that an earlier call may have set. The next call may be for another repository,
 * and for no task.
 */
const OWN_NAMES: ReadonlySet<string> = new Set(['repo', 'branch', 'agent.id', 'task.id']);

/** The value of OTEL_RESOURCE_ATTRIBUTES: what others set before, plus these. */
export function joinAttributes(before: string | undefined, attributes: ResourceAttributes): string {
  const kept = (before ?? '').split(',').filter((pair) => {
    const [name = ''] = pair.split('=', 1);
    return name.trim() !== '' && !OWN_NAMES.has(name.trim());
  });
  return [...kept, ...[...attributes].map(([name, value]) => `${name}=${escaped(value)}`)].join(',');
}
