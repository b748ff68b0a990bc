import { expect, it } from 'vitest';
import { batchesOf } from '../../src/core/batches.ts';

it.each([
  [[], 2, []],
  [[1], 2, [[1]]],
  [[1, 2], 2, [[1, 2]]],
  [[1, 2, 3], 2, [[1, 2], [3]]],
])('%j in batches of %d', (list, size, batches) => {
  expect([...batchesOf(list as number[], size)]).toEqual(batches);
});
