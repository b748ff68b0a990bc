import { describe, expect, it } from 'vitest';
import { createByteBudget } from '../../../src/server/limits/byte-budget.ts';

const KIB = 1024;

describe('the budget of bytes', () => {
  it('is shared by all requests, which return their bytes', () => {
    const budget = createByteBudget(1024 * KIB);
    const [one, other] = [budget.open(), budget.open()];
    expect(one.take(600 * KIB)).toBe(true);
    expect(other.take(400 * KIB)).toBe(false);
    expect(budget.used).toBe(600 * KIB);
    one.give(300 * KIB);
    expect(other.take(400 * KIB)).toBe(true);
    one.release();
    one.release();
    expect(budget.used).toBe(400 * KIB);
    expect(other.held).toBe(400 * KIB);
  });

  it('keeps an eighth for small requests', () => {
    const budget = createByteBudget(1024 * KIB);
    const large = budget.open();
    expect(large.take(896 * KIB)).toBe(true);
    expect(large.take(1)).toBe(false);
    expect(budget.open().take(128 * KIB)).toBe(true);
    expect(budget.open().take(1)).toBe(false);
  });

  it('never gets back more than was taken', () => {
    const budget = createByteBudget(1024 * KIB);
    const one = budget.open();
    one.take(10);
    one.give(20);
    expect([one.held, budget.used]).toEqual([0, 0]);
  });
});
