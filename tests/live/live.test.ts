import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createLive } from '../../src/live/create-live.ts';
import type { Delivery } from '../../src/live/live.ts';

async function read<Event>(
  deliveries: AsyncIterator<Delivery<Event>>,
  count: number,
): Promise<Delivery<Event>[]> {
  const read: Delivery<Event>[] = [];
  while (read.length < count) {
    const { done, value } = await deliveries.next();
    if (done) break;
    read.push(value);
  }
  return read;
}

const delivered = (...events: number[]) => events.map((event) => ({ event, dropped: 0 }));

describe('live topics', () => {
  it('delivers every event to every subscriber, in order', async () => {
    const live = createLive();
    const first = live.subscribe<number>('calls');
    const second = live.subscribe<number>('calls');
    live.publish('calls', [1, 2]);
    live.publish('calls', [3]);
    expect(await read(first, 3)).toEqual(delivered(1, 2, 3));
    expect(await read(second, 3)).toEqual(delivered(1, 2, 3));
  });

  it('answers waiting reads in their order, even several at once', async () => {
    const live = createLive();
    const deliveries = live.subscribe<number>('calls');
    const reads = [deliveries.next(), deliveries.next()];
    live.publish('calls', [1, 2]);
    expect((await Promise.all(reads)).map(({ value }) => value.event)).toEqual([1, 2]);
  });

  it('keeps topics apart', async () => {
    const live = createLive();
    const calls = live.subscribe<number>('calls');
    live.publish('errors', [1]);
    live.publish('calls', [2]);
    expect(await read(calls, 1)).toEqual(delivered(2));
  });

  it('queues only events that the filter accepts; the others are neither delivered nor counted as dropped', async () => {
    const live = createLive();
    const even = live.subscribe<number>('calls', { accepts: (event) => event % 2 === 0, capacity: 2 });
    live.publish('calls', [1, 2, 3, 4, 5]);
    expect(await read(even, 2)).toEqual(delivered(2, 4));
  });

  it('names the readers whose queue is more than half full', async () => {
    const live = createLive({ capacity: 4 });
    const [slow, newest] = [live.subscribe<number>('calls'), live.subscribe('calls', { capacity: 1 })];
    live.subscribe<number>('calls', { accepts: (event) => event === 1 });
    live.publish('calls', [1, 2]);
    expect([...live.readersBehind('calls')]).toEqual([]);
    live.publish('calls', [3]);
    const behind = [...live.readersBehind('calls')];
    expect(live.countReaders('calls')).toBe(3);
    expect(behind).toHaveLength(1);
    live.publish('calls', [4]);
    expect([...live.readersBehind('calls')][0]).toBe(behind[0]);
    await read(slow, 2);
    expect([...live.readersBehind('calls'), ...live.readersBehind('errors')]).toEqual([]);
    await newest.return?.();
  });

  it('drops the oldest events beyond the capacity and reports them once', async () => {
    const live = createLive({ capacity: 3 });
    const deliveries = live.subscribe<number>('calls');
    live.publish('calls', [1, 2, 3, 4, 5]);
    expect(await read(deliveries, 1)).toEqual([{ event: 3, dropped: 2 }]);
    live.publish('calls', [6]);
    expect(await read(deliveries, 3)).toEqual(delivered(4, 5, 6));
  });
});

describe('the end of a subscription', () => {
  it('follows return(): the topic forgets the subscriber and a waiting read is done', async () => {
    const live = createLive();
    const deliveries = live.subscribe<number>('calls');
    const waiting = deliveries.next();
    expect(live.hasSubscribers('calls')).toBe(true);
    await deliveries.return?.();
    expect(live.hasSubscribers('calls')).toBe(false);
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await deliveries.next()).toEqual({ done: true, value: undefined });
  });

  it('follows the exit from a loop', async () => {
    const live = createLive();
    const deliveries = live.subscribe<number>('calls');
    live.publish('calls', [1]);
    for await (const { event } of deliveries) {
      expect(event).toBe(1);
      break;
    }
    expect(live.hasSubscribers('calls')).toBe(false);
  });

  it('follows close(), after waiting events were delivered', async () => {
    const live = createLive();
    const behind = live.subscribe<number>('calls');
    const idle = live.subscribe<number>('errors').next();
    live.publish('calls', [1, 2]);
    live.close();
    expect(await read(behind, 5)).toEqual(delivered(1, 2));
    expect(await idle).toEqual({ done: true, value: undefined });
    expect(live.hasSubscribers('calls')).toBe(false);
  });

  it('follows at once if everything was closed before', async () => {
    const live = createLive();
    live.close();
    expect(await live.subscribe<number>('calls').next()).toEqual({ done: true, value: undefined });
    expect(live.hasSubscribers('calls')).toBe(false);
  });

  it('may happen while events are being published', async () => {
    const live = createLive();
    const leaver = live.subscribe<number>('calls', {
      accepts: () => {
        void leaver.return?.();
        return true;
      },
    });
    const other = live.subscribe<number>('calls');
    live.publish('calls', [1, 2]);
    expect(await leaver.next()).toEqual({ done: true, value: undefined });
    expect(await read(other, 2)).toEqual(delivered(1, 2));
  });
});

describe('a filter that throws', () => {
  it('fails only its own subscription, at the next read', async () => {
    const live = createLive();
    const failure = new Error('no such field');
    const broken = live.subscribe<number>('calls', {
      accepts: () => {
        throw failure;
      },
    });
    const sound = live.subscribe<number>('calls');
    live.publish('calls', [1, 2]);
    await expect(broken.next()).rejects.toBe(failure);
    expect(await broken.next()).toEqual({ done: true, value: undefined });
    expect(await read(sound, 2)).toEqual(delivered(1, 2));
  });

  it('fails a waiting read', async () => {
    const live = createLive();
    const broken = live.subscribe<number>('calls', {
      accepts: () => {
        throw new Error('no such field');
      },
    });
    const waiting = expect(broken.next()).rejects.toThrow('no such field');
    live.publish('calls', [1]);
    await waiting;
    expect(live.hasSubscribers('calls')).toBe(false);
  });
});

describe('a subscriber that sleeps', () => {
  it('uses memory for its capacity only, through a million events, and learns how many it missed', async () => {
    const live = createLive({ capacity: 1000 });
    const sleeper = live.subscribe<{ number: number; values: number[] }>('calls');
    const before = heapInUse();
    for (let number = 0; number < 1_000_000; number++) {
      live.publish('calls', [{ number, values: new Array<number>(40).fill(number) }]);
    }
    // All of them together would use more than 300 MB.
    expect(heapInUse() - before).toBeLessThan(10_000_000);
    const first = await sleeper.next();
    expect(first.value).toMatchObject({ event: { number: 999_000 }, dropped: 999_000 });
    const rest = await read(sleeper, 999);
    expect(rest.at(-1)).toMatchObject({ event: { number: 999_999 }, dropped: 0 });
  });
});

/** The bytes that are in use after a garbage collection. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}
