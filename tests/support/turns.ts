import { expect } from 'vitest';

/** A pause that lasts until the test says so. */
export function createTurns() {
  let waiting: (() => void) | null = null;
  return {
    pause: () => new Promise<void>((resolve) => (waiting = resolve)),
    /** Lets this many pauses pass. */
    async pass(count: number) {
      for (let turn = 0; turn < count; turn++) {
        await expect.poll(() => waiting, { interval: 1 }).not.toBeNull();
        const resume = waiting as (() => void) | null;
        waiting = null;
        resume?.();
      }
    },
  };
}
