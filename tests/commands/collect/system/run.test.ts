import { expect, it } from 'vitest';
import { runCollection } from '../../../../src/commands/collect/system/run.ts';

/** A clock that moves with each pause or sample, and an outbox that cannot send four samples. */
function createWorld(samplingTakes: readonly number[]) {
  const ending = new AbortController();
  const sampledAt: number[] = [];
  let now = 5_000;
  let added = 0;
  let flushes = 0;
  const collection = {
    every: 1_000,
    signal: ending.signal,
    now: () => now,
    take: async () => {
      sampledAt.push(now - 5_000);
      now += samplingTakes[sampledAt.length - 1] as number;
      return {};
    },
    outbox: {
      add: () => void added++,
      async flush() {
        flushes++;
        return true;
      },
      waiting: 4,
    },
    pause: async (milliseconds: number) => {
      if (sampledAt.length === samplingTakes.length) ending.abort();
      // Timers are late.
      now += milliseconds + 7;
    },
  };
  return { collection, sampledAt, counts: () => ({ added, flushes }) };
}

it('samples at fixed instants, however late the timers and however long a sample takes', async () => {
  const { collection, sampledAt } = createWorld([50, 0, 900, 2_500, 10, 0]);
  await runCollection(collection);
  expect(sampledAt).toEqual([0, 1_007, 2_007, 3_007, 6_007, 7_007]);
});

it('sends what waits when it is stopped, and reports how much is left', async () => {
  const { collection, counts } = createWorld([0, 0, 0]);
  expect(await runCollection(collection)).toBe(4);
  expect(counts()).toEqual({ added: 3, flushes: 4 });
});
