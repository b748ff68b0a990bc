import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRounds } from '../../../src/server/limits/rounds.ts';

describe('rounds', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('visit each once per period, spread over it, by one timer that ends with the last', () => {
    const rounds = createRounds(800);
    const visits = new Array<number>(16).fill(0);
    const leave = visits.map((_, index) => rounds.add(() => (visits[index] = (visits[index] ?? 0) + 1)));
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(100);
    expect(visits.filter((count) => count === 1).length).toBe(2);
    vi.advanceTimersByTime(700);
    expect(visits).toEqual(visits.map(() => 1));
    leave[0]?.();
    leave[0]?.();
    vi.advanceTimersByTime(800);
    expect(visits).toEqual(visits.map((_, index) => (index === 0 ? 1 : 2)));
    for (const call of leave) call();
    expect(vi.getTimerCount()).toBe(0);
    rounds.add(() => (visits[0] = 9))();
    expect(vi.getTimerCount()).toBe(0);
  });
});
