import type { Counts, FlushResult } from './counts.ts';
import type { Settings } from './options.ts';
import type { Platform } from './platform.ts';
import { createPost } from './post.ts';
import type { Problem } from './problem.ts';
import type { Queue } from './queue.ts';
import { createSender } from './sender.ts';
import { createWaiters } from './waiters.ts';

/** Brings the events of a queue to the server, until it is closed. */
export interface Delivery {
  /** An event was added to the queue. */
  notice(): void;
  /** Sends what waits. Resolves with how many of these events are not settled after the timeout. */
  drain(timeoutMs: number): Promise<number>;
  /** As `drain`, and tells what became of all events since somebody was told last. */
  flush(timeoutMs: number): Promise<FlushResult>;
  /** Flushes, and drops what is left. */
  close(timeoutMs: number): Promise<FlushResult>;
  readonly isClosed: boolean;
}

export interface DeliveryOptions {
  readonly settings: Settings;
  readonly platform: Platform;
  readonly queue: Queue;
  readonly counts: Counts;
  readonly report: (problem: Problem) => void;
}

export function createDelivery(options: DeliveryOptions): Delivery {
  const { settings, platform, queue, counts } = options;
  const { exitTimeoutMs } = settings;
  const waiters = createWaiters(queue, platform);
  const sender = createSender({
    ...options,
    post: createPost(settings, platform),
    onProgress() {
      waiters.check(sender.quietUntil);
      if (queue.size === 0) end.forget();
    },
  });
  // Only while events wait: a client that has nothing to send leaves no trace and may be forgotten.
  const end = createListener(() => platform.beforeEnd(atEnd));
  const signals = createListener(() => platform.onSignals(settings.signals, () => close(exitTimeoutMs)));
  signals.listen();
  const since = createSinceLast(counts);
  let closing: Promise<FlushResult> | null = null;

  async function drain(timeoutMs: number): Promise<number> {
    const last = queue.newest;
    const settled = waiters.untilSettled(last, timeoutMs, () => sender.quietUntil);
    sender.hurry();
    await settled;
    return queue.countUpTo(last);
  }

  async function flush(timeoutMs: number): Promise<FlushResult> {
    const outcome = since();
    const pending = await drain(timeoutMs);
    return { ...outcome(), pending };
  }

  function drop(code: string, message: string): void {
    const count = queue.clear();
    counts.dropped += count;
    // Who flushes meanwhile has nothing more to wait for.
    waiters.check(sender.quietUntil);
    if (count > 0) options.report({ kind: 'DROPPED', code, message, count });
  }

  async function atEnd(isFinal: boolean): Promise<void> {
    const pending = await drain(exitTimeoutMs);
    if (!isFinal || pending === 0) return;
    end.forget();
    sender.stop();
    drop('EXIT', `The process ended before they were sent (exitTimeoutMs: ${exitTimeoutMs}).`);
  }

  async function finish(timeoutMs: number): Promise<FlushResult> {
    const outcome = since();
    await drain(timeoutMs);
    sender.stop();
    drop('CLOSED', `The client was closed before they were sent (timeoutMs: ${timeoutMs}).`);
    end.forget();
    signals.forget();
    return { ...outcome(), pending: 0 };
  }

  function close(timeoutMs: number): Promise<FlushResult> {
    closing ??= finish(timeoutMs);
    return closing;
  }

  return {
    notice() {
      end.listen();
      sender.notice();
    },
    drain,
    flush,
    close,
    get isClosed() {
      return closing !== null;
    },
  };
}

/**
 * What was counted since the last outcome that somebody was told. Of those who ask at the same time,
 * each is told all: no drop may stay unseen because another saw it.
 */
function createSinceLast(counts: Counts): () => () => Omit<FlushResult, 'pending'> {
  let reported = { ...counts };
  return () => {
    const before = reported;
    return () => {
      reported = { ...counts };
      return {
        sent: reported.sent - before.sent,
        rejected: reported.rejected - before.rejected,
        dropped: reported.dropped - before.dropped,
      };
    };
  };
}

/** A listener that is there at most once. */
function createListener(listen: () => () => void): { listen(): void; forget(): void } {
  let forget: (() => void) | null = null;
  return {
    listen() {
      forget ??= listen();
    },
    forget() {
      forget?.();
      forget = null;
    },
  };
}
