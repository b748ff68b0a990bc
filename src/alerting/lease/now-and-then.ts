import type { Clock } from '../../core/clock.ts';

/**
 * Says yes when it is asked first, and then once in so many milliseconds. A clock that is set back
 * makes nothing wait.
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
