import type { Clock } from '../../core/clock.ts';

/**
 * Returns true at the first call, and then once per `everyMs`. After the clock was set back it
 * returns true at once.
 */
export function nowAndThen(clock: Clock, everyMs: number): () => boolean {
  let last: number | null = null;
  return () => {
    const now = clock.now();
    if (last !== null && now >= last && now - last < everyMs) return false;
    last = now;
    return true;
  };
}
