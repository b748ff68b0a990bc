import type { Rejection, Verdict } from './answer.ts';
import { waitBefore } from './backoff.ts';
import type { Counts } from './counts.ts';
import type { Settings } from './options.ts';
import type { Platform } from './platform.ts';
import { byDataset, type Post } from './post.ts';
import type { Problem } from './problem.ts';
import { type Entry, jsonOf, type Queue, sizeOf } from './queue.ts';

export interface SenderOptions {
  readonly settings: Pick<Settings, 'batchSize' | 'flushIntervalMs' | 'retryForMs'>;
  readonly platform: Platform;
  readonly queue: Queue;
  readonly counts: Counts;
  readonly post: Post;
  readonly report: (problem: Problem) => void;
  /** Called when events have left the queue, or wait for another attempt. */
  readonly onProgress: () => void;
}

/** Empties the queue, one batch at a time: so events arrive in their order, and a slow server is not pressed. */
export interface Sender {
  /** An event was added. A full batch is sent at once, a smaller one after the interval. */
  notice(): void;
  /** Sends what waits now without delay, unless the server has asked for one. */
  hurry(): void;
  /** Until when the server has asked to be left alone, by `elapsed`; 0 if it has not. */
  readonly quietUntil: number;
  /** Aborts what is under way, and sends nothing more. */
  stop(): void;
}

/** The server lets bodies above 4 MiB take turns; smaller ones are answered side by side. */
const MOST_BYTES_PER_BATCH = 4e6;

export function createSender(options: SenderOptions): Sender {
  const { settings, platform, queue, post } = options;
  const { batchSize, flushIntervalMs } = settings;
  const stopping = new AbortController();
  let forgetTimer: (() => void) | null = null;
  let isRunning = false;
  /** Up to this event, batches that are not full are sent, too. */
  let dueUpTo = -1;
  let bytesPerBatch = MOST_BYTES_PER_BATCH;
  let failures = 0;
  let quietUntil = 0;
  let endPause: (() => void) | null = null;
  const settle = createSettle(options, (bytes) => {
    bytesPerBatch = bytes;
  });

  const isDue = () => queue.waiting >= batchSize || (queue.oldest ?? Number.POSITIVE_INFINITY) <= dueUpTo;

  async function run(): Promise<void> {
    isRunning = true;
    forgetTimer?.();
    forgetTimer = null;
    while (!stopping.signal.aborted && isDue()) {
      const batch = queue.take({ events: batchSize, bytes: bytesPerBatch });
      for (const entry of batch) entry.firstTriedAt ??= platform.elapsed();
      const verdict = await post(batch, stopping.signal);
      if (stopping.signal.aborted) break;
      settle(batch, verdict);
      const waitMs = noteOutcome(verdict);
      options.onProgress();
      if (waitMs > 0) await pause(waitMs);
    }
    isRunning = false;
    if (queue.waiting > 0) arm();
  }

  /** How long to wait before the next attempt. */
  function noteOutcome(verdict: Verdict): number {
    if (verdict.kind !== 'RETRY') {
      failures = 0;
      quietUntil = 0;
      return 0;
    }
    const { afterMs } = verdict;
    const waitMs = waitBefore(failures++, afterMs, platform.random());
    quietUntil = afterMs === null ? 0 : platform.elapsed() + waitMs;
    return waitMs;
  }

  function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const forget = platform.startTimer(() => endPause?.(), milliseconds);
      endPause = () => {
        endPause = null;
        forget();
        resolve();
      };
    });
  }

  function arm(): void {
    if (isRunning || stopping.signal.aborted) return;
    if (isDue()) void run();
    else forgetTimer ??= platform.startTimer(sendAll, flushIntervalMs);
  }

  function sendAll(): void {
    forgetTimer = null;
    dueUpTo = queue.newest;
    arm();
  }

  return {
    notice: arm,
    hurry() {
      dueUpTo = queue.newest;
      if (quietUntil === 0) endPause?.();
      arm();
    },
    get quietUntil() {
      return quietUntil;
    },
    stop() {
      stopping.abort();
      forgetTimer?.();
      endPause?.();
    },
  };
}

type Settle = (batch: readonly Entry[], verdict: Verdict) => void;

/** Lets a batch leave the queue, or wait again, as its verdict says, and counts its events. */
function createSettle(options: SenderOptions, limitBytes: (bytes: number) => void): Settle {
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
    const why = `No attempt within ${settings.retryForMs} ms (retryForMs) succeeded. The last: ${message}`;
    report({ kind: 'DROPPED', code, message: why, count: dropped });
  }

  function halve(batch: readonly Entry[], message: string): void {
    if (batch.length === 1) {
      queue.settle();
      reject(batch, { code: 'TOO_LARGE', message, dataset: batch[0]?.dataset });
      return;
    }
    limitBytes(Math.ceil(batch.reduce((bytes, entry) => bytes + sizeOf(entry), 0) / 2));
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
