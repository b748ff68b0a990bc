import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/core/dataset/dataset.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import type { Context } from '../../../src/graphql/context.ts';
import { createProjectWatch, type WatchedState } from '../../../src/graphql/live/watch-project.ts';
import { createLive } from '../../../src/live/create-live.ts';
import { createTurns } from '../../support/turns.ts';

const [first, second, third] = datasets as readonly [Dataset, Dataset, Dataset];

/** A watched number, and a record of the events around it. */
function watchNumber(changed: WatchedState<number>['changed']) {
  const live = createLive({ capacity: 10 });
  const turns = createTurns();
  let value: number | Error = 0;
  let reads = 0;
  const watch = createProjectWatch<number>({
    name: 'number',
    datasets: [first, second],
    async read() {
      reads++;
      if (value instanceof Error) throw value;
      return value;
    },
    changed,
    pause: turns.pause,
  });
  return {
    live,
    turns,
    watch: (projectId = 'default') => watch({ projectId, services: { live } } as unknown as Context),
    set: (next: number | Error) => {
      value = next;
    },
    reads: () => reads,
    async record(dataset: Dataset, projectId = 'default') {
      const row: unknown[] = [];
      row[dataset.at.projectId] = projectId;
      live.publish(dataset.topic, [row]);
      // The watch receives the event in a separate turn.
      await new Promise(setImmediate);
    },
  };
}

const byValue = (before: number, now: number) => before !== now;

describe('watching a project', () => {
  it('reads after new events of its datasets only, once for all subscribers', async () => {
    const { watch, set, record, turns, reads } = watchNumber(byValue);
    const [one, other] = [watch(), watch()];
    expect([(await one.next()).value, (await other.next()).value]).toEqual([0, 0]);
    for (const [index, dataset] of [first, second].entries()) {
      const before = reads();
      set(index + 1);
      const results = [one.next(), other.next()];
      await record(third);
      await record(dataset, 'another-project');
      await turns.pass(1);
      await record(dataset);
      await turns.pass(1);
      expect((await Promise.all(results)).map((result) => result.value)).toEqual([index + 1, index + 1]);
      expect(reads()).toBe(before + 1);
    }
  });

  it('reads every fifth turn without new events, and reports changes', async () => {
    const { watch, set, turns, reads } = watchNumber(byValue);
    const numbers = watch();
    await numbers.next();
    const next = numbers.next();
    await turns.pass(5);
    await expect.poll(reads).toBe(2);
    set(7);
    await turns.pass(5);
    expect((await next).value).toBe(7);
  });

  it('tells each subscriber whether events arrived between two states', async () => {
    const { watch, record, turns } = watchNumber((_before, _now, hasNewEvents) => hasNewEvents);
    const early = watch();
    await early.next();
    await record(first);
    // The early subscriber has not seen the result of that event, but the late one has.
    const late = watch();
    await late.next();
    const notified: string[] = [];
    void early.next().then(() => notified.push('early'));
    const waiting = late.next().then(() => notified.push('late'));
    await turns.pass(1);
    await expect.poll(() => notified).toEqual(['early']);
    await record(second);
    await turns.pass(1);
    await waiting;
    expect(notified).toEqual(['early', 'late']);
  });

  it('ends with an error if reading fails, and starts again for the next subscriber', async () => {
    const { watch, set, record, turns, live } = watchNumber(byValue);
    const numbers = watch();
    await numbers.next();
    const failing = numbers.next();
    set(new Error('gone'));
    await record(first);
    await turns.pass(1);
    await expect(failing).rejects.toThrow('gone');
    await turns.pass(1);
    await expect.poll(() => live.hasSubscribers(first.topic)).toBe(false);
    set(3);
    const again = watch();
    expect((await again.next()).value).toBe(3);
    expect(live.hasSubscribers(second.topic)).toBe(true);
  });
});
