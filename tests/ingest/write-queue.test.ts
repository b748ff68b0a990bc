import { describe, expect, test } from 'vitest';
import { Overloaded } from '../../src/core/errors.ts';
import { bytesOf } from '../../src/ingest/event-bytes.ts';
import { createWriteQueue } from '../../src/ingest/write-queue.ts';
import { StorageUnavailable } from '../../src/storage/errors.ts';
import type { AppendResult, EventGroup } from '../../src/storage/store.ts';
import { callGroup, callRow } from '../storage/support/calls.ts';

const groupOf = (size: number): EventGroup => callGroup(...Array.from({ length: size }, () => callRow()));

const LIMIT = { events: 100, bytes: 1_000_000 };
const bytesOfGroup = (size: number): number => bytesOf(groupOf(size));

/** The queue begins to write after the calls of one turn of the event loop. */
const nextTurn = () => new Promise(setImmediate);

/** An append that waits until the test lets it continue. */
function createWriter(isBad: (group: EventGroup) => boolean = () => false) {
  const calls: (readonly EventGroup[])[] = [];
  let open: () => void = () => {};
  let gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    calls,
    append: async (groups: readonly EventGroup[]): Promise<AppendResult[]> => {
      calls.push(groups);
      await gate;
      if (groups.some(isBad)) throw new Error('constraint failed');
      return groups.map(({ parts }) => ({ fresh: parts.map(({ rows }) => rows.map(() => true)) }));
    },
    letGo() {
      open();
      gate = Promise.resolve();
    },
  };
}

describe('the write queue', () => {
  test('stores all waiting groups in one call when the writer is free', async () => {
    const writer = createWriter();
    const queue = createWriteQueue({ append: writer.append, limit: LIMIT });
    const groups = Array.from({ length: 5 }, () => groupOf(2));
    const [first, ...rest] = groups;
    const results = [queue.add(first as EventGroup)];
    await nextTurn();
    results.push(...rest.map((group) => queue.add(group)));
    writer.letGo();
    expect((await Promise.all(results)).map(({ fresh }) => fresh[0]?.length)).toEqual([2, 2, 2, 2, 2]);
    expect(writer.calls).toEqual([[first], rest]);
  });

  test('hands large amounts to a busy writer, and keeps small ones until it is free', async () => {
    const writer = createWriter();
    const queue = createWriteQueue({ append: writer.append, limit: { events: 10_000, bytes: 1e9 } });
    const sizes = () => writer.calls.map((groups) => groups.map(({ parts }) => parts[0]?.rows.length));
    const added: Promise<AppendResult>[] = [];
    const add = async (events: number) => {
      added.push(queue.add(groupOf(events)));
      await nextTurn();
    };
    await add(1);
    await add(999);
    expect(sizes()).toEqual([[1]]);
    await add(1);
    expect(sizes()).toEqual([[1], [999, 1]]);
    // At most two run at once, however many wait.
    await add(2000);
    expect(sizes()).toHaveLength(2);
    const closed = queue.close();
    writer.letGo();
    await Promise.all([closed, ...added]);
    expect(sizes()).toEqual([[1], [999, 1], [2000]]);
    expect(queue.load().held.events).toBe(0);
  });

  test('lets a thousand events wait for calls that are being checked, but not for long', async () => {
    const writer = createWriter();
    let coming = 1;
    const limit = { events: 10_000, bytes: 1e9 };
    const queue = createWriteQueue({ append: writer.append, limit, coming: () => coming });
    const sizes = () => writer.calls.map((groups) => groups.map(({ parts }) => parts[0]?.rows.length));
    const added = [queue.add(groupOf(1000))];
    await nextTurn();
    expect(sizes()).toEqual([]);
    coming = 0;
    added.push(queue.add(groupOf(1)));
    await nextTurn();
    expect(sizes()).toEqual([[1000, 1]]);
    coming = 1;
    added.push(queue.add(groupOf(4000)));
    await nextTurn();
    expect(sizes()).toEqual([[1000, 1], [4000]]);
    writer.letGo();
    await Promise.all(added);
    await queue.add(groupOf(1000));
    expect(sizes()).toEqual([[1000, 1], [4000], [1000]]);
  });

  test('refuses events beyond its limit, and says when to try again', async () => {
    const writer = createWriter();
    const queue = createWriteQueue({ append: writer.append, limit: { ...LIMIT, events: 13 } });
    const first = queue.add(groupOf(3));
    await nextTurn();
    const second = queue.add(groupOf(8));
    const refused = await queue.add(groupOf(3)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Overloaded);
    expect((refused as Overloaded).details.retryAfterMs).toBeGreaterThanOrEqual(50);
    expect(queue.load()).toMatchObject({ share: 11 / 13, failedCalls: 1 });
    const third = queue.add(groupOf(2));
    writer.letGo();
    await Promise.all([first, second, third]);
    expect(writer.calls.flat().map(({ parts }) => parts[0]?.rows.length)).toEqual([3, 8, 2]);
    await expect(queue.add(groupOf(10))).resolves.toBeDefined();
  });

  test('counts events that are being written, and accepts new ones when they are stored', async () => {
    const writer = createWriter();
    const queue = createWriteQueue({ append: writer.append, limit: { ...LIMIT, events: 5 } });
    expect(queue.load().share).toBe(0);
    const first = queue.add(groupOf(5));
    await nextTurn();
    expect(writer.calls).toHaveLength(1);
    expect(queue.load().share).toBe(1);
    await expect(queue.add(groupOf(1))).rejects.toBeInstanceOf(Overloaded);
    writer.letGo();
    await first;
    expect(queue.load().share).toBe(0);
    await expect(queue.add(groupOf(5))).resolves.toBeDefined();
  });

  test('refuses bytes beyond its limit, unless it holds nothing else', async () => {
    const writer = createWriter();
    const bytes = bytesOfGroup(3);
    const queue = createWriteQueue({ append: writer.append, limit: { ...LIMIT, bytes } });
    const large = queue.add(groupOf(4));
    expect(queue.load().share).toBe(1);
    await expect(queue.add(groupOf(1))).rejects.toBeInstanceOf(Overloaded);
    writer.letGo();
    await large;
    await expect(Promise.all([queue.add(groupOf(1)), queue.add(groupOf(2))])).resolves.toHaveLength(2);
  });

  test('writes at most 16 MiB at a time, so that a small group does not wait for all large ones', async () => {
    const writer = createWriter();
    const queue = createWriteQueue({ append: writer.append, limit: { events: 100, bytes: 2 ** 30 } });
    const large = () => callGroup(callRow({ operation: 'x'.repeat(9 * 1024 * 1024) }));
    const results = Array.from({ length: 3 }, () => queue.add(large()));
    writer.letGo();
    await Promise.all(results);
    expect(writer.calls.map(({ length }) => length)).toEqual([1, 1, 1]);
  });

  test('suggests a longer wait when the writer is slower', async () => {
    const wait = async (msPerCall: number): Promise<number> => {
      let clock = 0;
      const queue = createWriteQueue({
        limit: { ...LIMIT, events: 1_000 },
        now: () => clock,
        append: async (groups) => {
          clock += msPerCall;
          return groups.map(() => ({ fresh: [] }));
        },
      });
      for (let call = 0; call < 20; call++) await queue.add(groupOf(100));
      const waiting = queue.add(groupOf(1_000));
      const refused = (await queue.add(groupOf(1)).catch((error: unknown) => error)) as Overloaded;
      await waiting;
      return refused.details.retryAfterMs as number;
    };
    expect(await wait(1_000)).toBeCloseTo(5_000, -2);
    expect(await wait(100)).toBeCloseTo(500, -2);
  });

  test('finds the group that fails, and stores the others', async () => {
    const bad = new Set([groupOf(1), groupOf(1)]);
    const writer = createWriter((group) => bad.has(group));
    writer.letGo();
    const queue = createWriteQueue({ append: writer.append, limit: LIMIT });
    const groups = Array.from({ length: 7 }, () => groupOf(1));
    groups.splice(2, 0, ...bad);
    const results = await Promise.allSettled(groups.map((group) => queue.add(group)));
    expect(results.map(({ status }) => status === 'rejected')).toEqual(groups.map((group) => bad.has(group)));
    expect(writer.calls[0]).toEqual(groups);
  });

  test('fails all groups if the database is unreachable, without trying each', async () => {
    let calls = 0;
    const queue = createWriteQueue({
      limit: LIMIT,
      append: async () => {
        calls++;
        throw new StorageUnavailable('gone');
      },
    });
    const results = await Promise.allSettled([queue.add(groupOf(1)), queue.add(groupOf(1))]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(calls).toBe(1);
    await expect(queue.add(groupOf(1))).rejects.toThrow('gone');
    expect(queue.load()).toMatchObject({ share: 0, failedCalls: 3 });
  });

  test('closes when every accepted event is stored', async () => {
    const writer = createWriter();
    const queue = createWriteQueue({ append: writer.append, limit: LIMIT });
    const stored: string[] = [];
    const results = [queue.add(groupOf(1)), queue.add(groupOf(2))];
    for (const result of results) void result.then(() => stored.push('stored'));
    const closed = queue.close().then(() => stored.push('closed'));
    await expect(queue.add(groupOf(1))).rejects.toThrow(/shutting down/);
    writer.letGo();
    await closed;
    expect(stored).toEqual(['stored', 'stored', 'closed']);
  });
});
