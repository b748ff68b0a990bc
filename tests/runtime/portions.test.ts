import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createPortions } from '../../src/runtime/portions.ts';

describe('portions', () => {
  it('let other work run between them, and keep the order', async () => {
    const { pass } = createPortions(100);
    const passed: string[] = [];
    const all = ['a', 'b', 'c', 'd', 'e'].map((name) => pass(50).then(() => passed.push(name)));
    await nextTurn();
    // The first turn is over; the portions of the second pass within this one or the next.
    expect(passed.slice(0, 2)).toEqual(['a', 'b']);
    expect(passed.length).toBeLessThan(5);
    await Promise.all(all);
    expect(passed).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('let work that is larger than a turn pass alone', async () => {
    const { pass } = createPortions(100);
    let others = false;
    await pass(1);
    const large = pass(5_000);
    void nextTurn().then(() => {
      others = true;
    });
    await large;
    await pass(1);
    expect(others).toBe(true);
  });

  it('let short work overtake a queue of longer work', async () => {
    const { pass } = createPortions(5_000);
    const passed: string[] = [];
    const note = (name: string) => () => passed.push(name);
    const line = ['a', 'b', 'c', 'd'].map((name) => pass(4_000).then(note(name)));
    const little = [pass(100).then(note('little')), pass(100).then(note('little'))];
    await Promise.all(little);
    expect(passed.filter((name) => name !== 'little').length).toBeLessThan(3);
    await Promise.all(line);
    expect(passed.filter((name) => name !== 'little')).toEqual(['a', 'b', 'c', 'd']);
  });
});
