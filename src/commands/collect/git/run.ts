import type { AskedTarget } from '../../import/target.ts';
import type { Progress } from '../../progress.ts';
import { type FollowOptions, follow } from '../follow.ts';
import { type CollectResult, collectCommits } from './collect.ts';
import { readKnownCommits } from './known-commits.ts';
import { type Branch, listBranches } from './repository.ts';
import type { Git } from './run-git.ts';
import type { EventOptions } from './to-event.ts';

export interface Collection extends EventOptions {
  readonly git: Git;
  /** Null if all local branches are read. */
  readonly branch: string | null;
  readonly target: AskedTarget;
  readonly progress: Progress;
  /** A clock in milliseconds, for the rate. */
  readonly now: () => number;
  /** Shows a result. While following, only those with new commits are shown. */
  readonly show: (result: CollectResult, seconds: number) => void;
  /** If set, the collection continues with new commits until the signal ends it. */
  readonly following?: Pick<FollowOptions, 'pause' | 'signal' | 'onProblem'>;
}

/**
 * Records the commits of a repository and, if following, each new one. Resolves with the number of
 * rejected commits.
 */
export async function runCollection(collection: Collection): Promise<number> {
  const { git, branch, target, repository, following } = collection;
  const known = await readKnownCommits(target, repository);
  let rejected = 0;

  async function collect(branches: readonly Branch[], isQuiet: boolean): Promise<void> {
    const start = collection.now();
    const result = await collectCommits({ ...collection, branches, known });
    rejected += result.rejected;
    if (isQuiet && result.accepted + result.rejected === 0) return;
    collection.show(result, (collection.now() - start) / 1000);
  }

  const present = await listBranches(git, branch);
  await collect(present, false);
  if (following !== undefined) {
    let found = present;
    await follow({
      ...following,
      seen: tipsOf(present),
      async check() {
        found = await listBranches(git, branch);
        return tipsOf(found);
      },
      collect: () => collect(found, true),
    });
  }
  return rejected;
}

const tipsOf = (branches: readonly Branch[]): string =>
  branches.map(({ name, tip }) => `${tip} ${name}`).join('\n');
