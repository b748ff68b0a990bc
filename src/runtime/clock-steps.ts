import type { Clock } from '../core/clock.ts';

/**
 * Detects that a clock was set: it then moved by a different amount than the elapsed time.
 *
 * @param passed a monotonic clock, in milliseconds
 * @returns a function that says by how many milliseconds the clock was set since the last call (or
 *   since now); negative if it was set back
 */
export function createClockSteps(clock: Clock, passed: () => number = () => performance.now()): () => number {
  const difference = () => clock.now() - passed();
  let last = difference();
  return () => {
    const step = difference() - last;
    last += step;
    return step;
  };
}
