import { defined } from '../../../core/defined.ts';
import { DAY_MS } from '../../../core/time/units.ts';
import { type FollowOptions, follow } from '../follow.ts';
import { collectSessions, type SessionJob, type SessionsResult } from './collect.ts';
import { findSessionFiles } from './files.ts';
import type { Progress } from './progress-store.ts';

/** A collection of sessions, and how it continues. */
export interface SessionCollection<State> extends SessionJob<State> {
  /** Shows the result of a round. While following, only rounds that brought something are shown. */
  readonly show: (result: SessionsResult, seconds: number) => void;
  /** If set, the collection continues with new lines until the signal ends it. */
  readonly following?: Pick<FollowOptions, 'pause' | 'signal' | 'onProblem'>;
}

/** How often files are checked while some of them wait to be quiet. */
const POLL_INTERVAL_MS = 2_000;

/**
 * Records the sessions and, if following, whatever is added to them. Resolves with the number of
 * rejected events.
 */
export async function runSessions<State>(collection: SessionCollection<State>): Promise<number> {
  const { log, folders, store, now, following } = collection;
  const progress = await store.load();
  await checkWitness(collection, progress);
  let rejected = 0;
  let waiting = 0;

  async function collect(isQuiet: boolean): Promise<void> {
    const start = now();
    const result = await collectSessions(collection, progress);
    rejected += result.rejected;
    waiting = result.waiting;
    const hasResults = result.accepted + result.rejected + result.problems.length > 0;
    if (!isQuiet || hasResults) collection.show(result, (now() - start) / 1000);
  }

  /** Changes when a file did, and from time to time while a file waits. */
  async function check(): Promise<string> {
    const files = await findSessionFiles(log, folders);
    const pollNumber = waiting > 0 ? Math.floor(now() / POLL_INTERVAL_MS) : 0;
    return JSON.stringify([pollNumber, ...files.map(({ path, size, changedAt }) => [path, size, changedAt])]);
  }

  const seen = following === undefined ? '' : await check();
  await collect(false);
  if (following !== undefined) await follow({ ...following, seen, check, collect: () => collect(true) });
  return rejected;
}

/** Retention keeps each row for at least a day after it was received. */
const SURELY_KEPT_MS = DAY_MS;

/**
 * Sends an event again that was stored before. If the target does not have it, the target is
 * another one or has lost its data, and all files are read again. An older event may have expired.
 * Then nothing is read again: removed events still count in the totals, and would count twice.
 */
async function checkWitness<State>(
  { target, datasets, report, now }: SessionCollection<State>,
  progress: Progress,
): Promise<void> {
  const { witness } = progress;
  if (witness === null) return;
  const dataset = defined(datasets.find(({ name }) => name === witness.dataset));
  const { accepted } = await target.send(dataset, [witness.event]);
  if (accepted === 0) return;
  progress.witness = { ...witness, at: now() };
  if (now() - witness.at >= SURELY_KEPT_MS) {
    report(
      'The events that were recorded last no longer exist. Retention may have removed them, so no ' +
        'file is read again. If the target has lost its data, remove ~/.telltale/collect, and give ' +
        'the time to read from with --since.',
    );
    return;
  }
  progress.files.clear();
  report('The events that were recorded before no longer exist. All files are read again.');
}
