import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTupleIndex } from '../../../src/core/rollup/tuple-index.ts';

test('gives equal tuples the same number and others another one, in order of appearance', () => {
  const integer = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer());
  fc.assert(
    fc.property(fc.array(fc.tuple(integer, integer, integer), { maxLength: 400 }), (tuples) => {
      const index = createTupleIndex(3);
      const numbers = new Map<string, number>();
      for (const tuple of tuples) {
        const key = tuple.join();
        if (!numbers.has(key)) numbers.set(key, numbers.size);
        index.tuple.set(tuple);
        expect(index.find()).toBe(numbers.get(key));
      }
    }),
  );
});

test('grows', () => {
  const index = createTupleIndex(2);
  const find = (number: number): number => {
    index.tuple[0] = number % 100;
    index.tuple[1] = Math.floor(number / 100);
    return index.find();
  };
  for (const round of [1, 2]) {
    for (let number = 0; number < 10_000; number++) {
      if (find(number) !== number)
        throw new Error(`${number} has the number ${find(number)} in round ${round}`);
    }
  }
  expect(find(10_000)).toBe(10_000);
});
