import { describe, expect, test } from 'vitest';
import { createTurns, longTurnsOf } from '../../src/storage/dialect/turns.ts';
import { StorageUnavailable } from '../../src/storage/errors.ts';
import { UNLIMITED } from '../../src/storage/reading.ts';

describe('turns', () => {
  test('are given to one caller at a time, in the order of the requests', async () => {
    const turns = createTurns(['only']);
    const order: number[] = [];
    const take = async (number: number): Promise<void> => {
      const turn = await turns.take();
      order.push(number);
      await Promise.resolve();
      expect(order.at(-1)).toBe(number);
      turn.end();
      turn.end();
    };
    await Promise.all([take(1), take(2), take(3)]);
    expect(order).toEqual([1, 2, 3]);
  });

  test('are given for all resources to work that needs all', async () => {
    const turns = createTurns(['a', 'b']);
    const first = await turns.take();
    const order: string[] = [];
    const all = turns.takeAll(async () => {
      order.push('all');
    });
    const later = turns.take().then((turn) => {
      order.push('later');
      turn.end();
    });
    first.end();
    await Promise.all([all, later]);
    expect(order).toEqual(['all', 'later']);
  });

  const long = (projectId: string) => ({ ...UNLIMITED, kind: 'LONG', projectId }) as const;

  test('leave a resource to short work while many long ones wait', async () => {
    const turns = createTurns(['a', 'b'], longTurnsOf(2, 1));
    const first = await turns.take(long('shop'));
    let began = false;
    const second = turns.take(long('shop')).then((turn) => {
      began = true;
      return turn;
    });
    (await turns.take()).end();
    (await turns.take()).end();
    expect(began).toBe(false);
    first.end();
    (await second).end();
  });

  test('are given to the projects in rotation if they are long', async () => {
    const turns = createTurns(['only'], longTurnsOf(1, 1));
    const order: string[] = [];
    const take = async (projectId: string) => {
      const turn = await turns.take(long(projectId));
      order.push(projectId);
      turn.end();
    };
    const held = await turns.take(long('greedy'));
    const all = ['greedy', 'greedy', 'greedy', 'modest', 'modest'].map(take);
    held.end();
    await Promise.all(all);
    expect(order).toEqual(['modest', 'greedy', 'modest', 'greedy', 'greedy']);
  });

  test('end after close, when the waiting ones are done', async () => {
    const turns = createTurns(['only']);
    const first = await turns.take();
    const second = turns.take();
    const closed = turns.close();
    await expect(turns.take()).rejects.toThrow(StorageUnavailable);
    first.end();
    (await second).end();
    await closed;
  });
});
