import type { Event } from '../../import/events.ts';
import type { Outbox } from './outbox.ts';

export interface Collection {
  /** Takes a sample. */
  readonly take: () => Promise<Event>;
  readonly outbox: Outbox;
  /** Milliseconds from one sample to the next. */
  readonly every: number;
  /** A monotonic clock, in milliseconds. */
  readonly now: () => number;
  /** Resolves after the milliseconds, or when the signal is aborted. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Ends the collection. */
  readonly signal: AbortSignal;
}

/**
 * Takes a sample at the start and then periodically until the signal is aborted; then sends the
 * queued samples. The instants do not drift: each is computed from the first, and one that passes
 * while a sample is taken is skipped. Samples are sent in parallel, so an unreachable target delays
 * none. Resolves with the number of samples that could not be sent.
 */
export async function runCollection({
  take,
  outbox,
  every,
  now,
  pause,
  signal,
}: Collection): Promise<number> {
  const start = now();
  while (!signal.aborted) {
    outbox.add(await take());
    void outbox.flush();
    const turns = Math.floor((now() - start) / every) + 1;
    await pause(start + turns * every - now(), signal);
  }
  // Samples may have been queued while the last batch was sent.
  await outbox.flush();
  return outbox.waiting;
}
