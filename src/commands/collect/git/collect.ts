import { defined } from '../../../core/defined.ts';
import type { Event } from '../../import/events.ts';
import type { AskedTarget } from '../../import/target.ts';
import type { Progress } from '../../progress.ts';
import { readCommits } from './read-commits.ts';
import { type Branch, listCommits, shallowEdges } from './repository.ts';
import type { Git } from './run-git.ts';
import { type EventOptions, toEvent } from './to-event.ts';

/** The result of a collection. */
export interface CollectResult {
  readonly commits: number;
  readonly accepted: number;
  /** Commits that were stored before. */
  readonly duplicates: number;
  readonly rejected: number;
  /** Why the first commits were rejected, by short hash. */
  readonly firstRejected: readonly { readonly hash: string; readonly reason: string }[];
  /** Commits at the boundary of a shallow clone, which are skipped. */
  readonly unreadable: number;
}

export interface CollectJob extends EventOptions {
  readonly git: Git;
  readonly branches: readonly Branch[];
  /** Hashes of stored commits. This collection adds those that it stores. */
  readonly known: Set<string>;
  readonly target: Pick<AskedTarget, 'send'>;
  readonly progress: Progress;
}

const COMMITS_PER_BATCH = 500;
const CHARACTERS_PER_BATCH = 4_000_000;
const SHOWN_REJECTIONS = 10;

/**
 * Records the commits of the branches that are not stored yet, in order of time, batch by batch. A
 * rejected commit is counted and does not stop the others.
 */
export async function collectCommits(job: CollectJob): Promise<CollectResult> {
  const { git, branches, known, progress } = job;
  const edges = await shallowEdges(git, branches);
  const listed = (await listCommits(git, branches)).filter(({ hash }) => !edges.has(hash));
  const wanted = listed.filter(({ hash }) => !known.has(hash));
  const tally = createTally(listed.length - wanted.length);
  if (wanted.length > 0) {
    const branchOf = new Map(wanted.map(({ hash, branch }) => [hash, branch]));
    for await (const batch of batchesOf(job, branchOf)) {
      tally.add(batch, await job.target.send(job.dataset, batch));
      for (const event of batch) known.add(hashOf(event));
      progress.update(tally.sent() / wanted.length, `${tally.sent().toLocaleString('en')} commits`);
    }
  }
  progress.finish();
  return { ...tally.result(), commits: listed.length, unreadable: edges.size };
}

async function* batchesOf(
  job: CollectJob,
  branchOf: ReadonlyMap<string, string>,
): AsyncGenerator<readonly Event[]> {
  let batch: Event[] = [];
  let characters = 0;
  for await (const commit of readCommits(job.git, [...branchOf.keys()])) {
    const event = toEvent(commit, defined(branchOf.get(commit.hash)), job);
    batch.push(event);
    characters += String(event.message).length;
    if (batch.length < COMMITS_PER_BATCH && characters < CHARACTERS_PER_BATCH) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}

const hashOf = (event: Event | undefined): string => String(event?.commitHash);

function createTally(before: number) {
  let accepted = 0;
  let duplicates = before;
  let rejected = 0;
  const firstRejected: { hash: string; reason: string }[] = [];
  return {
    sent: () => accepted + duplicates - before + rejected,
    add(batch: readonly Event[], outcome: Awaited<ReturnType<AskedTarget['send']>>) {
      accepted += outcome.accepted;
      duplicates += outcome.duplicates;
      rejected += outcome.rejected.length;
      for (const { index, field, message } of outcome.rejected) {
        if (firstRejected.length === SHOWN_REJECTIONS) break;
        const reason = field === null ? message : `${field}: ${message}`;
        firstRejected.push({ hash: hashOf(batch[index]).slice(0, 12), reason });
      }
    },
    result: () => ({ accepted, duplicates, rejected, firstRejected }),
  };
}
