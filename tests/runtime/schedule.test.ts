import { describe, expect, it } from 'vitest';
import { systemSchedule } from '../../src/runtime/schedule.ts';

describe('systemSchedule', () => {
  it('runs the work at once and then repeatedly, one run after another, until it is stopped', async () => {
    let running = 0;
    let rounds = 0;
    let thrice: () => void = () => {};
    const seen = new Promise<void>((resolve) => (thrice = resolve));
    const repetition = systemSchedule.repeat(1, async () => {
      expect(++running).toBe(1);
      await Promise.resolve();
      running--;
      if (++rounds === 3) thrice();
    });
    await seen;
    await repetition.stop();
    const stoppedAt = rounds;
    await new Promise((resolve) => setImmediate(resolve));
    expect(rounds).toBe(stoppedAt);
  });

  it('signals the work to end, and waits for it', async () => {
    let hasEnded = false;
    const repetition = systemSchedule.repeat(3_600_000, async (signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      hasEnded = true;
    });
    await Promise.all([repetition.stop(), repetition.stop()]);
    expect(hasEnded).toBe(true);
  });

  it('does not wait for the next time when it is stopped', async () => {
    let done: () => void = () => {};
    const once = new Promise<void>((resolve) => (done = resolve));
    const repetition = systemSchedule.repeat(3_600_000, async () => done());
    await once;
    await repetition.stop();
  });
});
