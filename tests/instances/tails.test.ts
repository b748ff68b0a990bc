import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { resumeTail } from '../../src/instances/resume-tail.ts';
import type { TailDelivery } from '../../src/instances/tail-delivery.ts';
import { createLive } from '../../src/live/create-live.ts';
import type { Store } from '../../src/storage/store.ts';
import { callGroup, callRow, idOf } from '../storage/support/calls.ts';
import { describeEachDatabase, describeOnlyOn } from '../support/databases.ts';
import { uuidOf } from '../support/events.ts';
import { type TestInstance, type TestTail, useInstances } from './support/instance.ts';

/** Ends the connections of all instances, which it finds by name. */
const endConnections = (store: Store, name: string) =>
  sql`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = ${name} and datname = current_database()`.execute(store.query);

const recordEach = (instances: readonly TestInstance[], count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, index) => instances[index % instances.length]?.record() ?? ''),
  );

const last = ({ deliveries }: TestTail): string => deliveries.at(-1)?.position ?? '';

describeOnlyOn('postgresql', 'tails of several instances', (database) => {
  const { createUrl, open } = useInstances(database);

  it('deliver each event once, from any instance, even after connections broke', async () => {
    const url = await createUrl();
    const all = [await open(url), await open(url), await open(url)] as const;
    await all[0].record();
    const tails = await Promise.all(all.slice(0, 2).map((one) => one.tail()));
    const ids = await recordEach(all, 60);
    for (const tail of tails) await tail.expectIds(ids);

    // The next writers take over slots of others, so another instance continues the numbers of one.
    await endConnections(all[0].store, 'telltale writer');
    await endConnections(all[0].store, 'telltale notices');
    for (const one of all.toReversed())
      await expect
        .poll(() =>
          one.record().then(
            (id) => ids.push(id),
            () => 0,
          ),
        )
        .toBeTruthy();
    ids.push(...(await recordEach(all, 60)));
    // A failed call may have been stored; then its events are delivered too.
    const stored = await all[0].store.query.selectFrom(llmCalls.table).select('id').execute();
    const wanted = stored.map(({ id }) => id).filter((id) => ids.includes(id));
    for (const tail of tails) {
      await expect.poll(() => wanted.every((id) => tail.ids().includes(id))).toBe(true);
      expect(new Set(tail.ids()).size).toBe(tail.ids().length);
    }
  });

  it('find events that no notice announced', async () => {
    const url = await createUrl();
    const [deaf, other] = [await open(url, false), await open(url)];
    const tail = await deaf.tail({ accepts: (row) => row[llmCalls.at['model'] ?? 0] === 'mine' });
    await other.record();
    const id = await other.record(callRow({ model: 'mine' }));
    await deaf.instances.tails.poll();
    await tail.expectIds([id]);
    expect(tail.deliveries[0]?.event).toEqual(callRow({ id, model: 'mine' }));
  });

  it('get stored events no faster than they take them', async () => {
    const url = await createUrl();
    const [one, other] = [await open(url, true, 10), await open(url)];
    const events = await one.instances.tails.open(llmCalls, { projectId: 'default', accepts: () => true });
    const rows = Array.from({ length: 700 }, () => callRow());
    await other.store.append([callGroup(...rows)]);
    const received: TailDelivery[] = [];
    while (received.length < rows.length) {
      received.push((await events.next()).value);
      await new Promise(setImmediate);
    }
    expect(received.reduce((total, { dropped }) => total + dropped, 0)).toBe(0);
    expect(received.map(({ event }) => idOf(event)).sort()).toEqual(rows.map(idOf).sort());
    await events.return?.();
  });

  it('leave nothing behind when their last subscriber leaves', async () => {
    const url = await createUrl();
    const [one, other] = [await open(url), await open(url)];
    const tail = await one.tail();
    await tail.leave();
    expect(one.live.hasSubscribers(llmCalls.topic)).toBe(false);
    await other.record();
    await one.instances.tails.poll();
    const again = await one.tail();
    const id = await other.record();
    await again.expectIds([id]);
  });
});

describeEachDatabase('a tail that resumes after a position', (database) => {
  const { createUrl, open } = useInstances(database);
  const others = database.dialect === 'sqlite' ? 1 : 2;

  it('misses nothing, on any instance', async () => {
    const url = await createUrl();
    const first = await open(url);
    const second = others === 1 ? first : await open(url);
    await first.record();
    const tail = await first.tail({ after: '' });
    const before = await recordEach([first, second], 20);
    await tail.expectIds(before);
    await tail.leave();
    const meanwhile = await recordEach([first, second], 1_200);
    const resumed = await second.tail({ after: last(tail) });
    const during = await recordEach([first, second], 40);
    const known = new Set(before);
    const wanted = [...meanwhile, ...during].sort();
    const fresh = () => resumed.ids().filter((id) => !known.has(id));
    await expect.poll(() => fresh().sort(), { interval: 10 }).toEqual(wanted);

    // From a position in the middle, too.
    const middle = resumed.deliveries[700];
    const third = await first.tail({ after: middle?.position ?? '' });
    const afterMiddle = resumed.deliveries.slice(701).map(({ event }) => idOf(event));
    await expect.poll(() => afterMiddle.every((id) => third.ids().includes(id))).toBe(true);
    expect([...first.problems, ...second.problems]).toEqual([]);
  });

  it('misses nothing if it is slower than the events, because it continues reading where it was', async () => {
    const one = await open(await createUrl());
    const tail = await one.instances.tails.open(llmCalls, {
      projectId: 'default',
      accepts: () => true,
      after: '',
    });
    const first = tail.next();
    await expect.poll(() => one.live.hasSubscribers(llmCalls.topic)).toBe(true);
    const ids = [await one.record()];
    const received = [await first];
    // More events than wait for a subscriber.
    ids.push(...(await recordEach([one], 1_100)));
    const known = () => new Set(received.map(({ value }) => idOf(value?.event)));
    while (known().size < ids.length) received.push(await tail.next());
    expect(ids.filter((id) => !known().has(id))).toEqual([]);
    expect(received.some(({ value }) => value?.dropped)).toBe(false);
    const next = [await one.record(), await tail.next().then(({ value }) => idOf(value?.event))];
    expect(next[1]).toBe(next[0]);
    await tail.return?.();
  });

  it('does not read events again that it has read before it fell behind', async () => {
    const { store, record } = await open(await createUrl());
    const ids = [await record(), await record()];
    let subscribed = 0;
    const live = createLive();
    const tail = resumeTail({
      ...{
        store,
        dataset: llmCalls,
        accepts: () => true,
        after: {},
        published: () => ({}),
        findPublished() {},
      },
      subscribe(accepts) {
        const events = live.subscribe(llmCalls.topic, { accepts, capacity: 1 });
        if (++subscribed === 1) live.publish(llmCalls.topic, [callRow(), callRow()]);
        return events;
      },
    });
    const next = async () => idOf((await tail.next()).value?.event);
    expect([await next(), await next()]).toEqual(ids);
    const third = next();
    await expect.poll(() => subscribed).toBe(2);
    const row = callRow();
    live.publish(llmCalls.topic, [row]);
    expect(await third).toBe(idOf(row));
    await tail.return?.();
  });

  it('advances its position with the published events', async () => {
    const one = await open(await createUrl());
    const tail = await one.tail({ after: '' });
    const id = await one.record();
    await tail.expectIds([id]);
    const start = last(tail);
    await expect
      .poll(async () => {
        const next = await one.record();
        await expect.poll(() => tail.ids()).toContain(next);
        return last(tail);
      })
      .not.toBe(start);
  });

  it('notices that an older backup was restored, however many events have arrived since', async () => {
    const url = await createUrl();
    const older = await database.createCopyUrl(url);
    const first = await open(url);
    const tail = await first.tail({ after: '' });
    await tail.expectIds(await recordEach([first], 3));
    const restored = await open(older);
    for (const more of [1, 5]) {
      await recordEach([restored], more);
      await expect(restored.tail({ after: last(tail) })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        message: expect.stringContaining('an older backup was restored'),
      });
    }
    expect(restored.live.hasSubscribers(llmCalls.topic)).toBe(false);
  });

  it('rejects an invalid position', async () => {
    const one = await open(await createUrl());
    const textOf = (...position: unknown[]) => Buffer.from(JSON.stringify(position)).toString('base64url');
    // One position is of another dataset, and one has a number of another slot.
    const id = uuidOf(1);
    for (const after of [
      'nowhere',
      textOf('llmCalls', { 0: 1 }),
      textOf('errorLogs', { 0: 1 }, id),
      textOf('llmCalls', { 1: 1 }, id),
      textOf('llmCalls', { 0: 1 }, 'no id'),
      textOf('llmCalls', { 0: 1 }, '\0'),
    ]) {
      await expect(one.tail({ after })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        details: { argument: 'after' },
      });
    }
    expect(one.live.hasSubscribers(llmCalls.topic)).toBe(false);
  });
});
