import { expect, it } from 'vitest';
import { createFrugalHeap } from '../../src/runtime/frugal-heap.ts';

it('limits the growth of the heap until large answers are over, and sets the flag once', async () => {
  const flags: string[] = [];
  await new Promise<void>((resolve) => {
    const heap = createFrugalHeap({
      lastsMs: 5,
      setFlag(flag) {
        flags.push(flag);
        if (flags.length === 2) resolve();
      },
    });
    heap.need();
    heap.need();
    expect(flags).toEqual(['--heap-growing-percent=50']);
  });
  expect(flags).toEqual(['--heap-growing-percent=50', '--heap-growing-percent=0']);
});

it('ends with the server', () => {
  const flags: string[] = [];
  const heap = createFrugalHeap({ setFlag: (flag) => flags.push(flag) });
  heap.close();
  expect(flags).toEqual([]);
  heap.need();
  heap.close();
  expect(flags).toEqual(['--heap-growing-percent=50', '--heap-growing-percent=0']);
});
