import type { Clock } from '../core/clock.ts';

/**
 * Notices that a clock was set: it has then moved by something other than the time that passed.
 *
 * @param passed a monotonic clock, in milliseconds
 * @returns a function that says by how many milliseconds the clock was set since its last call
 *   (since now, the first time); negative: it was set back
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
