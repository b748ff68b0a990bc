import type { ExecutionResult } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createGroup, type Group } from '../../../../src/graphql/live/sharing/group.ts';
import type { Member } from '../../../../src/graphql/live/sharing/member.ts';
import type { ResultSink } from '../../../../src/graphql/live/sharing/shared-results.ts';
import { createLive } from '../../../../src/live/create-live.ts';
import { createPortions } from '../../../../src/runtime/portions.ts';

const CAPACITY = 100;

function setUp(
  accepts = (_event: number) => true,
  whileExecuting: ((event: number) => Promise<void>) | null = null,
) {
  const executed: number[] = [];
  const dropped: string[] = [];
  let ends = 0;
  const live = createLive({ capacity: CAPACITY, onDropped: (topic) => dropped.push(topic) });
  const group: Group = createGroup<number>({
    source: live.subscribe<number>('ticks', { accepts }),
    execute({ event }) {
      executed.push(event);
      const result = { data: { event } };
      if (whileExecuting !== null) return whileExecuting(event).then(() => result);
      return event % 2 === 0 ? result : Promise.resolve(result);
    },
    failed: (reason) => ({ errors: [], extensions: { reason } }),
    portions: createPortions(),
    detached: (work) => work(),
    onEnd: () => (ends += 1),
  });
  return { live, group, executed, dropped, ends: () => ends };
}

const range = (first: number, end: number) =>
  Array.from({ length: end - first }, (_, index) => first + index);

async function read(member: Member, count: number): Promise<ExecutionResult[]> {
  const results: ExecutionResult[] = [];
  while (results.length < count) results.push((await member.next()).value);
  return results;
}
const eventsOf = (results: readonly ExecutionResult[]) => results.map(({ data }) => data?.['event']);

describe('a group of subscriptions', () => {
  it('executes each event once for all members, who receive it in order', async () => {
    const { live, group, executed } = setUp();
    const members = range(0, 200).map(() => group.join());
    const reads = members.map((member) => read(member, 4));
    live.publish('ticks', [1, 2, 3]);
    live.publish('ticks', [4]);
    const all = await Promise.all(reads);
    expect(all.map(eventsOf)).toEqual(members.map(() => [1, 2, 3, 4]));
    // Both receive the same object, so that its text is written once.
    expect(new Set(all.map(([first]) => first)).size).toBe(1);
    expect(executed).toEqual([1, 2, 3, 4]);
  });

  it('executes nothing while nobody reads, and nothing for a member that has left', async () => {
    const { live, group, executed } = setUp();
    const [gone, member] = [group.join(), group.join()];
    live.publish('ticks', [1, 2]);
    await gone.return();
    await new Promise(setImmediate);
    expect(executed).toEqual([]);
    expect(eventsOf(await read(member, 2))).toEqual([1, 2]);
  });

  it('sends a new member only the events after it joined', async () => {
    const { live, group } = setUp();
    const early = group.join();
    live.publish('ticks', [1]);
    const late = group.join();
    live.publish('ticks', [2]);
    expect(eventsOf(await read(early, 2))).toEqual([1, 2]);
    expect(eventsOf(await read(late, 1))).toEqual([2]);
  });

  it('keeps a bounded queue for a slow member, reports what was dropped, and delays no other member', async () => {
    const { live, group, executed, dropped } = setUp();
    const [fast, slow] = [group.join(), group.join()];
    for (const event of range(0, 250)) {
      live.publish('ticks', [event]);
      expect(eventsOf(await read(fast, 1))).toEqual([event]);
    }
    expect(dropped.length).toBe(150);
    const results = await read(slow, 100);
    expect(eventsOf(results)).toEqual(range(150, 250));
    expect(results[0]).toEqual({ data: { event: 150 }, extensions: { dropped: 150 } });
    expect(results.slice(1).every(({ extensions }) => extensions === undefined)).toBe(true);
    // Of the waiting results, the newest 64 were kept.
    expect(executed).toEqual([...range(0, 250), ...range(150, 186)]);
  });

  it('names the members for whom more than half of the queue waits', async () => {
    const { live, group } = setUp();
    const [fast, slow] = [group.join(), group.join()];
    live.publish('ticks', range(0, CAPACITY / 2));
    expect([...live.readersBehind('ticks')]).toEqual([]);
    live.publish('ticks', [CAPACITY / 2]);
    expect([...live.readersBehind('ticks')]).toEqual([fast, slow]);
    expect(live.countReaders('ticks')).toBe(2);
    await read(fast, 1);
    expect([...live.readersBehind('ticks')]).toEqual([slow]);
    await slow.return();
    expect([...live.readersBehind('ticks')]).toEqual([]);
  });

  it('recomputes an old result without delaying the others', async () => {
    let release = () => {};
    const again = new Promise<void>((resolve) => {
      release = resolve;
    });
    const counts = new Map<number, number>();
    const { live, group } = setUp(undefined, async (event) => {
      counts.set(event, (counts.get(event) ?? 0) + 1);
      if (counts.get(event) === 2) await again;
    });
    const [fast, slow, idle] = [group.join(), group.join(), group.join()];
    live.publish('ticks', range(0, 80));
    await read(fast, 80);
    const behind = [read(slow, 2), read(idle, 1)] as const;
    live.publish('ticks', [80]);
    expect(eventsOf(await read(fast, 1))).toEqual([80]);
    release();
    expect((await Promise.all(behind)).map(eventsOf)).toEqual([[0, 1], [0]]);
    expect(counts.get(0)).toBe(2);
  });

  it('sends a sink the next result only when it is ready', async () => {
    const { live, group } = setUp();
    const member = group.join();
    const taken: unknown[] = [];
    const sink: ResultSink = {
      take: ({ data }) => taken.push(data?.['event']),
      end: () => taken.push('end'),
    };
    member.handTo(sink);
    live.publish('ticks', [1, 2]);
    await expect.poll(() => taken).toEqual([1]);
    member.ready();
    await expect.poll(() => taken).toEqual([1, 2]);
    live.close();
    await expect.poll(() => taken).toEqual([1, 2, 'end']);
  });

  it('ends its source when the last member has left, and can end itself with a last result', async () => {
    const { live, group, ends } = setUp();
    const [one, other] = [group.join(), group.join()];
    const ended: string[] = [];
    one.whenEnded(() => ended.push('one'));
    const waiting = one.next();
    one.end({ data: { event: 'last' } });
    expect(await waiting).toEqual({ done: false, value: { data: { event: 'last' } } });
    expect(await one.next()).toEqual({ done: true, value: undefined });
    expect([ends(), live.hasSubscribers('ticks'), ended]).toEqual([0, true, ['one']]);
    await other.return();
    expect([ends(), live.hasSubscribers('ticks')]).toEqual([1, false]);
  });

  it('sends the waiting results before it ends, and reports why its source failed', async () => {
    const { live, group } = setUp((event) => {
      if (event === 3) throw 'broken';
      return true;
    });
    const [reader, sleeper] = [group.join(), group.join()];
    live.publish('ticks', [1, 2, 3]);
    const last = { errors: [], extensions: { reason: 'broken' } };
    for (const member of [reader, sleeper]) {
      const results = await read(member, 3);
      expect(eventsOf(results.slice(0, 2))).toEqual([1, 2]);
      expect(results[2]).toEqual(last);
      expect(await member.next()).toEqual({ done: true, value: undefined });
    }
    expect(live.hasSubscribers('ticks')).toBe(false);
  });
});
