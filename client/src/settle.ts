import type { Rejection, Verdict } from './answer.ts';
import type { Counts } from './counts.ts';
import { type Entry, jsonOf, sizeOf } from './entry.ts';
import type { Settings } from './options.ts';
import type { Platform } from './platform.ts';
import { byDataset } from './post.ts';
import type { Problem } from './problem.ts';
import type { Queue } from './queue.ts';

export interface SettleOptions {
  readonly settings: Pick<Settings, 'retryForMs'>;
  readonly platform: Pick<Platform, 'elapsed'>;
  readonly queue: Queue;
  readonly counts: Counts;
  readonly report: (problem: Problem) => void;
  /** The server accepts no larger batches. */
  readonly limitBytes: (bytes: number) => void;
}

/**
 * Applies a verdict to the batch in progress: its events leave the queue or wait again, and are
 * counted.
 */
export type Settle = (batch: readonly Entry[], verdict: Verdict) => void;

export function createSettle(options: SettleOptions): Settle {
  const { settings, platform, queue, counts, report } = options;

  function reject(entries: readonly Entry[], problem: Omit<Problem, 'kind' | 'count'>): void {
    counts.rejected += entries.length;
    report({ kind: 'REJECTED', count: entries.length, ...problem });
  }

  function settleRecorded(batch: readonly Entry[], rejected: readonly Rejection[]): void {
    const groups = rejected.length > 0 ? byDataset(batch) : null;
    const problems = rejected.map(({ dataset, index, field, code, message }): Problem => {
      const entry = groups?.get(dataset)?.[index];
      const about = entry && { dataset: entry.dataset, event: readEvent(entry) };
      return { kind: 'REJECTED', count: 1, code, message, field: field ?? undefined, ...about };
    });
    counts.sent += batch.length - rejected.length;
    counts.rejected += rejected.length;
    queue.settle();
    for (const problem of problems) report(problem);
  }

  function settleRefused(
    batch: readonly Entry[],
    { code, message, dataset }: Verdict & { readonly kind: 'REFUSED' },
  ): void {
    const isAtFault = (entry: Entry) => entry.dataset === dataset;
    const some = batch.filter(isAtFault);
    queue.putBack((entry) => some.length > 0 && !isAtFault(entry));
    reject(some.length > 0 ? some : batch, { code, message, dataset: some[0]?.dataset });
  }

  function putBack(batch: readonly Entry[], { code, message }: Verdict & { readonly kind: 'RETRY' }): void {
    const expired = platform.elapsed() - settings.retryForMs;
    const isKept = ({ firstTriedAt }: Entry) => firstTriedAt === null || firstTriedAt > expired;
    const kept = batch.filter(isKept).length;
    queue.putBack(isKept);
    counts.retries++;
    if (kept > 0) report({ kind: 'RETRYING', code, message, count: kept });
    const dropped = batch.length - kept;
    if (dropped === 0) return;
    counts.dropped += dropped;
    const why = `All attempts within ${settings.retryForMs} ms (retryForMs) failed. The last error: ${message}`;
    report({ kind: 'DROPPED', code, message: why, count: dropped });
  }

  function halve(batch: readonly Entry[], message: string): void {
    if (batch.length === 1) {
      queue.settle();
      reject(batch, { code: 'TOO_LARGE', message, dataset: batch[0]?.dataset });
      return;
    }
    options.limitBytes(Math.ceil(batch.reduce((bytes, entry) => bytes + sizeOf(entry), 0) / 2));
    queue.putBack(() => true);
  }

  return (batch, verdict) => {
    if (verdict.kind === 'RECORDED') settleRecorded(batch, verdict.rejected);
    else if (verdict.kind === 'RETRY') putBack(batch, verdict);
    else if (verdict.kind === 'TOO_LARGE') halve(batch, verdict.message);
    else settleRefused(batch, verdict);
  };
}

const readEvent = (entry: Entry): unknown => JSON.parse(new TextDecoder().decode(jsonOf(entry)));
