import { expect, it } from 'vitest';
import { eachItem } from '../../../src/graphql/live/each-item.ts';

/** A source whose values the test provides, and that records the requests. */
function createSource() {
  const waiting: { resolve(result: IteratorResult<string>): void; reject(error: Error): void }[] = [];
  const source: AsyncIterableIterator<string> = {
    next: () => new Promise((resolve, reject) => waiting.push({ resolve, reject })),
    async return() {
      for (const { resolve } of waiting.splice(0)) resolve({ done: true, value: undefined });
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  return {
    items: eachItem(source, (text) => [...text]),
    asked: () => waiting.length,
    give: (value: string) => waiting.shift()?.resolve({ done: false, value }),
    fail: (error: Error) => waiting.shift()?.reject(error),
  };
}

const settled = () => new Promise(setImmediate);

it('sends the items of each value in order, and asks for the next value when they are taken', async () => {
  const { items, asked, give } = createSource();
  const reads = [items.next(), items.next(), items.next()];
  await settled();
  expect(asked()).toBe(1);
  give('ab');
  expect(await reads[0]).toEqual({ done: false, value: 'a' });
  expect(await reads[1]).toEqual({ done: false, value: 'b' });
  await settled();
  expect(asked()).toBe(1);
  // A value without items is skipped.
  give('');
  await settled();
  give('cd');
  expect(await reads[2]).toEqual({ done: false, value: 'c' });
  await settled();
  expect(asked()).toBe(0);
});

it('ends while it waits, and sends none of the remaining items', async () => {
  const { items, give } = createSource();
  const first = items.next();
  await settled();
  give('ab');
  await first;
  const second = await items.next();
  expect(second.value).toBe('b');
  const waiting = items.next();
  await settled();
  await items.return?.();
  expect(await waiting).toEqual({ done: true, value: undefined });
});

it('fails if its source fails', async () => {
  const { items, fail } = createSource();
  const first = items.next();
  await settled();
  fail(new Error('gone'));
  await expect(first).rejects.toThrow('gone');
});
