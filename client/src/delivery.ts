import type { Counts, FlushResult } from './counts.ts';
import type { Settings } from './options.ts';
import type { Platform } from './platform.ts';
import { createPost } from './post.ts';
import type { Problem } from './problem.ts';
import type { Queue } from './queue.ts';
import { createSender } from './sender.ts';
import { createWaiters } from './waiters.ts';

/** Delivers the events of a queue to the server, until it is closed. */
export interface Delivery {
  /** Must be called when an event was added to the queue. */
  notice(): void;
  /**
   * Sends what waits. Resolves with the number of these events that are not settled after the
   * timeout.
   */
  drain(timeoutMs: number): Promise<number>;
  /** Like `drain`, but resolves with what became of all events since the last report. */
  flush(timeoutMs: number): Promise<FlushResult>;
  /** Flushes, and drops the rest. */
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
  // Only while events wait: a client with nothing to send leaves no trace and may be
  // garbage-collected.
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
    // Callers that flush meanwhile have nothing more to wait for.
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
 * The counts since the last report. Concurrent callers each get all of them, so that no drop stays
 * unnoticed because another caller saw it.
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

/** A listener that is registered at most once. */
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
