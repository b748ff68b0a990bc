import { expect, it } from 'vitest';
import { createPageSize } from '../../src/columns/page-size.ts';

const page = (count: number, characters: number) => ({
  count,
  columns: ['x'.repeat(characters / 2), 'y'.repeat(characters / 2)],
});

it('begins small, grows with short rows and shrinks with long ones', () => {
  const size = createPageSize(8_192);
  expect(size.rows).toBe(1_024);
  size.note(page(1_024, 300_000));
  expect(size.rows).toBe(8_192);
  size.note(page(8_192, 65_536_000));
  expect(size.rows).toBe(2_000);
  size.note(page(10, 20_000_000));
  expect(size.rows).toBe(64);
});

it('never exceeds the rows of a page that were asked for', () => {
  const size = createPageSize(3);
  expect(size.rows).toBe(3);
  size.note(page(3, 30));
  expect(size.rows).toBe(3);
});
