import { describe, expect, it } from 'vitest';
import { createOutbox } from '../../../../src/commands/collect/system/outbox.ts';
import type { Event } from '../../../../src/commands/import/events.ts';
import type { BatchOutcome, Target } from '../../../../src/commands/import/target.ts';
import { healthSamples } from '../../../../src/declarations/health/health-samples.ts';

const event = (number: number): Event => ({ number });
const STORED: BatchOutcome = { accepted: 0, duplicates: 0, rejected: [] };

/** A target that treats each batch as the test says. */
function createBox(answer: (events: readonly Event[]) => Promise<BatchOutcome>, capacity?: number) {
  const said: string[] = [];
  const batches: number[][] = [];
  const target: Target = {
    description: 'the server',
    send(dataset, events) {
      expect(dataset).toBe(healthSamples);
      batches.push(events.map(({ number }) => number as number));
      return answer(events);
    },
    close: () => Promise.resolve(),
  };
  const outbox = createOutbox({
    target,
    dataset: healthSamples,
    say: (line) => said.push(line),
    ...(capacity !== undefined && { capacity }),
  });
  return { outbox, said, batches };
}

describe('createOutbox', () => {
  it('sends what waits, and nothing when nothing waits', async () => {
    const { outbox, said, batches } = createBox(async () => STORED);
    outbox.add(event(1));
    outbox.add(event(2));
    expect(await outbox.flush()).toBe(true);
    expect(await outbox.flush()).toBe(true);
    expect({ batches, said, waiting: outbox.waiting }).toEqual({ batches: [[1, 2]], said: [], waiting: 0 });
  });

  it('keeps samples that could not be sent, in order, and reports once when that begins and when it ends', async () => {
    let isAway = true;
    const { outbox, said, batches } = createBox(async () => {
      if (isAway) throw new Error('Nobody there.');
      return STORED;
    });
    for (const number of [1, 2]) {
      outbox.add(event(number));
      expect(await outbox.flush()).toBe(false);
    }
    expect(said).toEqual(['Nobody there. Samples are queued, at most 1000.']);
    isAway = false;
    outbox.add(event(3));
    expect(await outbox.flush()).toBe(true);
    expect(batches).toEqual([[1], [1, 2], [1, 2, 3]]);
    expect(said.slice(1)).toEqual(['the server accepts samples again: sent 3 from the queue.']);
  });

  it('drops the oldest samples beyond its capacity, and reports how many', async () => {
    let isAway = true;
    const { outbox, said, batches } = createBox(async () => {
      if (isAway) throw new Error('Nobody there.');
      return STORED;
    }, 2);
    for (const number of [1, 2, 3, 4]) {
      outbox.add(event(number));
      await outbox.flush();
    }
    expect(outbox.waiting).toBe(2);
    isAway = false;
    await outbox.flush();
    expect(batches.at(-1)).toEqual([3, 4]);
    expect(said.at(-1)).toBe(
      'the server accepts samples again: sent 2 from the queue. In the meantime, 2 older ones were dropped.',
    );
  });

  it('sends one batch at a time, then what arrived meanwhile', async () => {
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const { outbox, batches } = createBox(async () => {
      await held;
      return STORED;
    });
    outbox.add(event(1));
    const first = outbox.flush();
    outbox.add(event(2));
    const second = outbox.flush();
    expect(batches).toEqual([[1]]);
    letGo();
    expect(await Promise.all([first, second])).toEqual([true, true]);
    expect(batches).toEqual([[1], [2]]);
  });

  it('reports refused samples, and does not send them again', async () => {
    const rejected = [
      { index: 0, field: 'cpuUsage', message: 'must be at most 100' },
      { index: 1, field: null, message: 'An event must be an object.' },
    ];
    const { outbox, said } = createBox(async () => ({ ...STORED, rejected }));
    outbox.add(event(1));
    expect(await outbox.flush()).toBe(false);
    expect(outbox.waiting).toBe(0);
    expect(said).toEqual([
      'A sample was rejected: cpuUsage: must be at most 100',
      'A sample was rejected: An event must be an object.',
    ]);
  });
});
