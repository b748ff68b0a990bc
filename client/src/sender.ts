import type { Counts } from './counts.ts';
import type { Settings } from './options.ts';
import { createPatience } from './patience.ts';
import type { Platform } from './platform.ts';
import type { Post } from './post.ts';
import type { Problem } from './problem.ts';
import type { Queue } from './queue.ts';
import { createSettle } from './settle.ts';

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
  const patience = createPatience(platform);
  let forgetTimer: (() => void) | null = null;
  let isRunning = false;
  /** Up to this event, batches that are not full are sent, too. */
  let dueUpTo = -1;
  let bytesPerBatch = MOST_BYTES_PER_BATCH;
  const limitBytes = (bytes: number) => {
    bytesPerBatch = bytes;
  };
  const settle = createSettle({ ...options, limitBytes });

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
      const waitMs = patience.waitAfter(verdict);
      options.onProgress();
      if (waitMs > 0) await patience.pause(waitMs);
    }
    isRunning = false;
    if (queue.waiting > 0) arm();
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
      if (patience.quietUntil === 0) patience.endPause();
      arm();
    },
    get quietUntil() {
      return patience.quietUntil;
    },
    stop() {
      stopping.abort();
      forgetTimer?.();
      patience.endPause();
    },
  };
}
