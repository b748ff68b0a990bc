import type { ExecutionResult } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { NEVER } from '../../../src/access/caller.ts';
import { trackSubscriptions } from '../../../src/server/plugins/use-ending-subscriptions.ts';

type Results = AsyncIterableIterator<ExecutionResult>;

/** A source that yields the pushed values, and records its end. */
function source(): Results & { push(data: string): void; returned: number } {
  const waiting: ((result: IteratorResult<ExecutionResult>) => void)[] = [];
  return {
    returned: 0,
    push(data) {
      waiting.shift()?.({ done: false, value: { data: { data } } });
    },
    next: () => new Promise((resolve) => waiting.push(resolve)),
    return() {
      this.returned += 1;
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** @param signal aborts when the caller loses access */
function begin(subscribe: () => unknown, signal = NEVER) {
  const giveBack = vi.fn();
  const running = trackSubscriptions({ take: () => giveBack });
  let begun: (args: unknown) => unknown = subscribe;
  const hook = running.plugin.onSubscribe as unknown as (payload: unknown) => void;
  const args = { contextValue: { caller: { signal } } };
  hook({ args, subscribeFn: subscribe, setSubscribeFn: (given: typeof begun) => (begun = given) });
  return { running, giveBack, result: Promise.resolve(begun(args)) };
}

async function setUp(signal = NEVER) {
  const origin = source();
  const { result, ...begun } = begin(() => origin, signal);
  return { ...begun, origin, tracked: (await result) as Results };
}

describe('running subscriptions', () => {
  it('send what their source sends', async () => {
    const { running, origin, tracked } = await setUp();
    const next = tracked.next();
    origin.push('one');
    expect(await next).toEqual({ done: false, value: { data: { data: 'one' } } });
    expect(running.count).toBe(1);
  });

  it('all end at once, including those that wait, and close their sources', async () => {
    const { running, origin, tracked } = await setUp();
    const next = tracked.next();
    running.end();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(await tracked.next()).toEqual({ done: true, value: undefined });
    expect(running.count).toBe(0);
    expect(origin.returned).toBe(1);
  });

  it('end with an error when the caller loses access, even if nobody reads them', async () => {
    const access = new AbortController();
    const { running, origin, tracked } = await setUp(access.signal);
    const next = tracked.next();
    const other = await setUp(access.signal);
    access.abort('The API key was revoked.');
    const refused = { errors: [expect.objectContaining({ message: 'The API key was revoked.' })] };
    expect(await next).toEqual({ done: false, value: refused });
    expect(await tracked.next()).toEqual({ done: true, value: undefined });
    expect(await other.tracked.next()).toEqual({ done: false, value: refused });
    expect(await other.tracked.next()).toEqual({ done: true, value: undefined });
    expect(running.count).toBe(0);
    expect(origin.returned).toBe(1);
  });

  it('end at once if the caller has already lost access', async () => {
    const { running, tracked } = await setUp(AbortSignal.abort('The API key was revoked.'));
    expect(running.count).toBe(0);
    expect((await tracked.next()).value.errors[0].extensions).toEqual({ code: 'UNAUTHENTICATED' });
    expect(await tracked.next()).toEqual({ done: true, value: undefined });
  });

  it('are forgotten when their client leaves', async () => {
    const { running, origin, tracked, giveBack } = await setUp();
    await tracked.return?.();
    expect(running.count).toBe(0);
    expect(origin.returned).toBe(1);
    running.end();
    expect(origin.returned).toBe(1);
    expect(giveBack).toHaveBeenCalledOnce();
  });

  it('are forgotten when their source ends or fails', async () => {
    const { running, origin, tracked } = await setUp();
    origin.next = () => Promise.reject(new Error('gone'));
    await expect(tracked.next()).rejects.toThrow('gone');
    expect(running.count).toBe(0);
  });

  it('release their slot if they do not begin, or end at once', async () => {
    const ended = await setUp(AbortSignal.abort('The API key was revoked.'));
    expect(ended.giveBack).toHaveBeenCalledOnce();
    const refused = begin(() => ({ errors: [] }));
    expect(await refused.result).toEqual({ errors: [] });
    expect(refused.giveBack).toHaveBeenCalledOnce();
    const broken = begin(() => Promise.reject(new Error('broken')));
    await expect(broken.result).rejects.toThrow('broken');
    expect(broken.giveBack).toHaveBeenCalledOnce();
  });
});
