import { describe, expect, it } from 'vitest';
import { followPositions } from '../../../src/domains/alerts/alerts/follow-positions.ts';
import { createLive } from '../../../src/live/create-live.ts';

interface Followed {
  readonly stored: readonly number[];
  readonly after?: number;
  readonly position?: number;
}

/** Items that are their own positions, published on a topic, and a record of the reads. */
function follow({ stored, after = 0, position = stored.at(-1) ?? 0 }: Followed) {
  const live = createLive();
  const reads: string[] = [];
  let failure: Error | null = null;
  const positions = live.subscribe<number>('positions', { capacity: 1 });
  const items = followPositions<number>({
    after,
    position,
    positions: {
      async next() {
        const { done, value } = await positions.next();
        return done ? { done, value } : { done: false, value: value.event };
      },
      async return() {
        await positions.return?.();
        return { done: true, value: undefined };
      },
    },
    async read(from, upTo, limit) {
      reads.push(`${from}-${upTo}`);
      await new Promise(setImmediate);
      if (failure !== null) throw failure;
      return stored.filter((position) => position > from && position <= upTo).slice(0, limit);
    },
    positionOf: (position) => position,
  });
  return {
    items,
    reads,
    reach: (position: number) => live.publish('positions', [position]),
    fail: (error: Error) => {
      failure = error;
    },
    isWatched: () => live.hasSubscribers('positions'),
    close: () => live.close(),
    async take(count: number) {
      const taken: (number | undefined)[] = [];
      for (let number = 0; number < count; number++) taken.push((await items.next()).value);
      return taken;
    },
  };
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('following positions', () => {
  it('sends existing items after the position, in pages, then new ones', async () => {
    const stored = upTo(250);
    const { take, reach, reads } = follow({ stored, after: 7 });
    expect(await take(243)).toEqual(stored.slice(7));
    expect(reads).toEqual(['7-250', '107-250', '207-250']);
    const next = take(2);
    stored.push(251, 253);
    reach(253);
    expect(await next).toEqual([251, 253]);
    expect(reads).toHaveLength(4);
  });

  it('reads nothing that is not requested, and holds only the newest position', async () => {
    const stored: number[] = [];
    const { take, reach, reads } = follow({ stored });
    for (const position of upTo(1000)) {
      stored.push(position);
      reach(position);
    }
    expect(reads).toEqual([]);
    expect(await take(101)).toEqual(upTo(101));
    expect(reads).toEqual(['0-1000', '100-1000']);
    expect(await take(899)).toEqual(upTo(1000).slice(101));
  });

  it('does not read positions again that it knows to be empty', async () => {
    const stored = [1];
    const { items, reach, reads } = follow({ stored });
    expect((await items.next()).value).toBe(1);
    const next = items.next();
    reach(5);
    await expect.poll(() => reads).toEqual(['0-1', '1-5']);
    reach(4);
    reach(5);
    stored.push(6);
    reach(6);
    expect((await next).value).toBe(6);
    expect(reads).toEqual(['0-1', '1-5', '5-6']);
  });

  it('reads no page twice when a full one ends at the position', async () => {
    const stored = upTo(100);
    const { take, reach, reads, items } = follow({ stored });
    await take(100);
    const next = items.next();
    stored.push(101);
    reach(101);
    expect((await next).value).toBe(101);
    expect(reads).toEqual(['0-100', '100-101']);
  });

  it('continues after a position that is not reported yet', async () => {
    const stored = [3, 4];
    const { items, reach, reads } = follow({ stored, after: 3, position: 2 });
    const next = items.next();
    reach(3);
    reach(4);
    expect((await next).value).toBe(4);
    expect(reads).toEqual(['3-4']);
  });

  it('answers overlapping reads in order', async () => {
    const { items, reach } = follow({ stored: [1, 2, 3], position: 2 });
    const results = Promise.all([items.next(), items.next(), items.next()]);
    reach(3);
    expect((await results).map(({ value }) => value)).toEqual([1, 2, 3]);
  });

  it.each(['while it waits', 'while it reads', 'with items at hand'])('ends %s', async (when) => {
    const stored = when === 'while it waits' ? [] : [1, 2];
    const { items, isWatched } = follow({ stored });
    if (when === 'with items at hand') await items.next();
    const waiting = when === 'with items at hand' ? null : items.next();
    expect(isWatched()).toBe(true);
    await items.return?.();
    if (when === 'while it waits') expect(await waiting).toEqual({ done: true, value: undefined });
    else await waiting;
    expect(await items.next()).toEqual({ done: true, value: undefined });
    expect(isWatched()).toBe(false);
  });

  it('ends when the positions end', async () => {
    const { items, close } = follow({ stored: [] });
    const next = items.next();
    close();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('ends with an error when reading fails', async () => {
    const { items, fail, isWatched } = follow({ stored: [1] });
    fail(new Error('gone'));
    await expect(items.next()).rejects.toThrow('gone');
    expect(isWatched()).toBe(false);
    expect(await items.next()).toEqual({ done: true, value: undefined });
  });
});
