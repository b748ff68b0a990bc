import type { Event } from '../../import/events.ts';
import type { Outbox } from './outbox.ts';

export interface Collection {
  /** Takes a sample. */
  readonly take: () => Promise<Event>;
  readonly outbox: Outbox;
  /** Milliseconds from one sample to the next. */
  readonly every: number;
  /** Milliseconds of a clock that is never set. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or when the signal is aborted. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Aborted when enough is collected. */
  readonly signal: AbortSignal;
}

/**
 * Samples at the start and every so often from then on, until it is told to stop; then sends what
 * waits. The instants do not drift: each is counted from the first, and one that passed while a
 * sample was taken is left out. Sending goes on beside it, so a target that is away delays no
 * sample. Resolves to how many samples could not be sent.
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
  // What was being sent may have left something behind that came meanwhile.
  await outbox.flush();
  return outbox.waiting;
}
