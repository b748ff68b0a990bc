import type { Clock } from '../core/clock.ts';

/**
 * Notices when a clock was set: then it has moved by something else than the time that passed.
 *
 * @param passed a monotonic clock, in milliseconds
 * @returns a function that says by how many milliseconds the clock was set since it was called last
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
