import { UsageError } from '../../import/options.ts';
import { repositoryName } from './repository-name.ts';
import { type Git, GitFailed } from './run-git.ts';

/** A branch and its last commit. */
export interface Branch {
  readonly name: string;
  /** Hash of its last commit. */
  readonly tip: string;
}

/** A commit in the repository whose content was not read yet. */
export interface ListedCommit {
  readonly hash: string;
  /** The first of the branches that contain it. */
  readonly branch: string;
  /** Seconds since 1970. */
  readonly committedAt: number;
}

/** @throws UsageError when git finds no repository there. */
export async function findRepository(git: Git): Promise<{ readonly name: string }> {
  try {
    await git.text(['rev-parse', '--git-dir']);
  } catch (error) {
    if (!(error instanceof GitFailed) || error.exitCode === null) throw error;
    throw new UsageError(`--repo: there is no git repository at ${git.path}. ${error.message}`);
  }
  const bare = (await git.text(['rev-parse', '--is-bare-repository'])).trim() === 'true';
  const option = bare ? '--absolute-git-dir' : '--show-toplevel';
  const folder = (await git.text(['rev-parse', option])).trim();
  const remote = await orNull(git, ['config', '--get', 'remote.origin.url']);
  return { name: repositoryName(remote, folder) };
}

/**
 * The branches whose commits are read: the one that is checked out, then the other local ones. If
 * none is checked out (on a build server), "HEAD" comes first. Empty for a repository without
 * commits.
 *
 * @param only read this branch only, a local one or one of a remote ("origin/main")
 * @throws UsageError when there is no such branch
 */
export async function listBranches(git: Git, only: string | null): Promise<readonly Branch[]> {
  const local = await listRefs(git, 'refs/heads/');
  if (only !== null) {
    const known = [...local, ...(await listRefs(git, 'refs/remotes/'))];
    const found = known.find(({ name }) => name === only);
    if (found !== undefined) return [found];
    const names = known.map(({ name }) => name).join(', ') || 'none';
    throw new UsageError(`--branch: ${git.path} has no branch ${only}. It has: ${names}.`);
  }
  if (local.some(({ current }) => current)) {
    return local.toSorted((one, other) => Number(other.current) - Number(one.current));
  }
  const head = await orNull(git, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  return head === null ? local : [{ name: 'HEAD', tip: head }, ...local];
}

async function listRefs(git: Git, prefix: string): Promise<(Branch & { readonly current: boolean })[]> {
  const lines = await git.text(['for-each-ref', '--format=%(HEAD)%(objectname) %(refname)', prefix]);
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const space = line.indexOf(' ', 1);
      return {
        current: line.startsWith('*'),
        tip: line.slice(1, space),
        name: line.slice(space + 1 + prefix.length),
      };
    });
}

/**
 * Lists every commit of the branches, in order of time. A commit on several branches belongs to the
 * first of them.
 */
export async function listCommits(git: Git, branches: readonly Branch[]): Promise<ListedCommit[]> {
  const commits: ListedCommit[] = [];
  const before: string[] = [];
  for (const { name, tip } of branches) {
    if (!before.includes(`^${tip}`)) {
      const lines = await git.text(['rev-list', '--timestamp', '--stdin'], [tip, ...before, ''].join('\n'));
      for (const line of lines.split('\n')) {
        const [committedAt, hash] = line.split(' ');
        if (hash !== undefined) commits.push({ hash, branch: name, committedAt: Number(committedAt) });
      }
    }
    before.push(`^${tip}`);
  }
  return commits.reverse().sort((one, other) => one.committedAt - other.committedAt);
}

/**
 * The commits at the boundary of a shallow clone. Their parents are missing, so their changes are
 * unknown.
 */
export async function shallowEdges(git: Git, branches: readonly Branch[]): Promise<ReadonlySet<string>> {
  const edges = new Set<string>();
  if (branches.length === 0) return edges;
  if ((await git.text(['rev-parse', '--is-shallow-repository'])).trim() !== 'true') return edges;
  const tips = branches.map(({ tip }) => `${tip}\n`).join('');
  const roots = await git.text(['rev-list', '--max-parents=0', '--stdin'], tips);
  for (const hash of roots.split('\n').filter((line) => line !== '')) {
    // git lists a commit at the boundary without parents, but the commit object names them.
    const commit = await git.text(['cat-file', 'commit', hash]);
    if (/^parent /m.test(header(commit))) edges.add(hash);
  }
  return edges;
}

const header = (commit: string): string => commit.split('\n\n', 1)[0] ?? '';

/** The trimmed output of a command. Null if it finds nothing, which is git's exit code 1. */
async function orNull(git: Git, args: readonly string[]): Promise<string | null> {
  try {
    return (await git.text(args)).trim();
  } catch (error) {
    if (error instanceof GitFailed && error.exitCode === 1) return null;
    throw error;
  }
}
