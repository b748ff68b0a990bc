import { expect, test } from 'vitest';
import { isDeeperThan } from '../../src/core/json-depth.ts';

test.each<[number, unknown]>([
  [0, 'a'],
  [0, null],
  [1, []],
  [1, {}],
  [2, { a: [1, 'b', null] }],
  [3, [1, { a: 1 }, { b: [] }]],
  [100_000, JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))],
])('%i levels', (levels, value) => {
  expect(isDeeperThan(levels, value)).toBe(false);
  if (levels > 0) expect(isDeeperThan(levels - 1, value)).toBe(true);
});
