import { describe, expect, it } from 'vitest';
import { createPositionWatch } from '../../../src/alerting/book/watch-position.ts';
import { createLive } from '../../../src/live/create-live.ts';
import { createTurns } from '../../support/turns.ts';

const TOPIC = 'changed';

/** Positions that the test sets. */
function watchPositions() {
  const live = createLive();
  const turns = createTurns();
  const positions: Record<string, number | Error> = {};
  const reads: string[] = [];
  const watch = createPositionWatch({
    live,
    topic: TOPIC,
    async position(projectId) {
      reads.push(projectId);
      const position = positions[projectId] ?? 0;
      await new Promise(setImmediate);
      if (position instanceof Error) throw position;
      return position;
    },
    pause: turns.pause,
  });
  return {
    live,
    watch,
    turns,
    positions,
    reads,
    change(projectId: string, position: number) {
      positions[projectId] = position;
      live.publish(TOPIC, [projectId]);
    },
  };
}

describe('a watch of positions', () => {
  it('reports changes on this instance without a timer, and reads once for all subscribers', async () => {
    const { watch, change, reads } = watchPositions();
    const [one, other, theirs] = [watch('a'), watch('a'), watch('b')];
    await expect.poll(() => reads).toEqual(['a', 'b']);
    const results = [one.next(), other.next()];
    change('a', 3);
    expect((await Promise.all(results)).map(({ value }) => value)).toEqual([3, 3]);
    expect(reads).toEqual(['a', 'b', 'a']);
    change('b', 7);
    expect((await theirs.next()).value).toBe(7);
    expect(reads).toEqual(['a', 'b', 'a', 'b']);
  });

  it('finds by polling what another instance has changed', async () => {
    const { watch, positions, turns, reads } = watchPositions();
    const watched = watch('a');
    const next = watched.next();
    await turns.pass(2);
    positions['a'] = 5;
    await turns.pass(1);
    expect((await next).value).toBe(5);
    const before = reads.length;
    const waiting = watched.next();
    await turns.pass(3);
    expect(reads.length).toBeGreaterThanOrEqual(before + 2);
    positions['a'] = 6;
    await turns.pass(1);
    expect((await waiting).value).toBe(6);
  });

  it('misses no change that happens while it reads', async () => {
    const { watch, change } = watchPositions();
    const watched = watch('a');
    let position = 0;
    const reached = (async () => {
      while (position < 200) position = (await watched.next()).value as number;
    })();
    for (let next = 1; next <= 200; next++) {
      change('a', next);
      if (next % 3 === 0) await new Promise(setImmediate);
    }
    await reached;
    expect(position).toBe(200);
  });

  it('keeps only the newest position for a subscriber that does not read', async () => {
    const { watch, change, reads } = watchPositions();
    const watched = watch('a');
    for (let next = 1; next <= 5; next++) {
      const before = reads.length;
      change('a', next);
      await expect.poll(() => reads.length).toBeGreaterThan(before);
    }
    await new Promise(setImmediate);
    expect((await watched.next()).value).toBe(5);
  });

  it('ends its subscribers when it cannot read, and starts again for the next one', async () => {
    const { watch, positions, live, turns } = watchPositions();
    const [one, other] = [watch('a'), watch('a')];
    const results = Promise.allSettled([one.next(), other.next()]);
    positions['a'] = new Error('gone');
    live.publish(TOPIC, ['a']);
    expect(await results).toMatchObject(
      [1, 2].map(() => ({ status: 'rejected', reason: { message: 'gone' } })),
    );
    await Promise.all([one.return?.(), other.return?.()]);
    positions['a'] = 4;
    const next = watch('a').next();
    await turns.pass(1);
    expect((await next).value).toBe(4);
  });

  it('stops polling when nobody watches', async () => {
    const { watch, turns, live, reads } = watchPositions();
    const watched = watch('a');
    await turns.pass(1);
    await watched.return?.();
    await turns.pass(1);
    await expect.poll(() => live.hasSubscribers(TOPIC)).toBe(false);
    const before = reads.length;
    live.publish(TOPIC, ['a']);
    expect(reads).toHaveLength(before);
  });
});
