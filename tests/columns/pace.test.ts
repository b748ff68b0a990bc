import { expect, it } from 'vitest';
import { createPace, type Others } from '../../src/columns/pace.ts';

/** @param busyUntil on a clock that only sleeping moves */
function paceBeside(busyUntil: number, busy: Others = 'READING') {
  let now = 0;
  const pace = createPace({
    others: async () => (now < busyUntil ? busy : 'IDLE'),
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  });
  return async (workedMs: number) => ({ isBusy: await pace.rest(workedMs), after: now });
}

it('continues at once when nothing else is busy', async () => {
  expect(await paceBeside(0)(100)).toEqual({ isBusy: false, after: 0 });
});

it('waits for questions, and continues as soon as they have ended', async () => {
  expect(await paceBeside(50)(100)).toEqual({ isBusy: false, after: 60 });
});

it('takes a quarter of the time beside endless questions', async () => {
  expect(await paceBeside(Number.POSITIVE_INFINITY)(100)).toEqual({ isBusy: true, after: 300 });
});

it('does not rest beside endless recording, which waits for the answer then', async () => {
  const beside = paceBeside(Number.POSITIVE_INFINITY, 'LATE');
  expect(await beside(100)).toEqual({ isBusy: true, after: 0 });
});
