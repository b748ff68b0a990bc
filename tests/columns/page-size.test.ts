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

it('never exceeds the requested number of rows', () => {
  const size = createPageSize(3);
  expect(size.rows).toBe(3);
  size.note(page(3, 30));
  expect(size.rows).toBe(3);
});

it('halves a page that did not fit into memory until it cannot be smaller, and does not grow again', () => {
  const size = createPageSize(8_192);
  size.note(page(1_024, 102_400));
  expect(size.halve(page(8_192, 819_200))).toBe(true);
  expect(size.rows).toBe(4_096);
  size.note(page(4_096, 409_600));
  expect(size.rows).toBe(4_096);
  // Rows that were stored together arrive together, even if only few are requested.
  for (const rows of [2_048, 1_024, 512, 256, 128, 64, 32, 16, 8, 4, 2, 1]) {
    expect(size.halve(page(10_000, 1_000_000))).toBe(true);
    expect(size.rows).toBe(rows);
  }
  expect(size.halve(page(10_000, 1_000_000))).toBe(false);
});
