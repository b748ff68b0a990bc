import { UsageError } from '../../import/options.ts';
import { repositoryName } from './repository-name.ts';
import { type Git, GitFailed } from './run-git.ts';

/** A line of work: where it ends. */
export interface Branch {
  readonly name: string;
  /** Hash of its last commit. */
  readonly tip: string;
}

/** A commit that is there, before it is read. */
export interface ListedCommit {
  readonly hash: string;
  /** The first of the branches that it lies on. */
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
  const place = bare ? '--absolute-git-dir' : '--show-toplevel';
  const folder = (await git.text(['rev-parse', place])).trim();
  const remote = await orNull(git, ['config', '--get', 'remote.origin.url']);
  return { name: repositoryName(remote, folder) };
}

/**
 * The branches whose commits are read: the one that is checked out, then the other local ones;
 * where none is checked out (a build server), "HEAD" before them. None in a repository without
 * commits.
 *
 * @param only just this branch, a local one or one of a remote ("origin/main")
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
 * Every commit of the branches, in order of time. One that lies on several belongs to the first of
 * them.
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
 * The commits at the edge of a shallow clone: what came before them is not there, so nobody can
 * tell what they changed.
 */
export async function shallowEdges(git: Git, branches: readonly Branch[]): Promise<ReadonlySet<string>> {
  const edges = new Set<string>();
  if (branches.length === 0) return edges;
  if ((await git.text(['rev-parse', '--is-shallow-repository'])).trim() !== 'true') return edges;
  const tips = branches.map(({ tip }) => `${tip}\n`).join('');
  const roots = await git.text(['rev-list', '--max-parents=0', '--stdin'], tips);
  for (const hash of roots.split('\n').filter((line) => line !== '')) {
    // git shows a commit at the edge without parents, but the commit itself names them.
    const commit = await git.text(['cat-file', 'commit', hash]);
    if (/^parent /m.test(header(commit))) edges.add(hash);
  }
  return edges;
}

const header = (commit: string): string => commit.split('\n\n', 1)[0] ?? '';

/** What a command writes, trimmed; null where it finds nothing, which git says with exit code 1. */
async function orNull(git: Git, args: readonly string[]): Promise<string | null> {
  try {
    return (await git.text(args)).trim();
  } catch (error) {
    if (error instanceof GitFailed && error.exitCode === 1) return null;
    throw error;
  }
}
