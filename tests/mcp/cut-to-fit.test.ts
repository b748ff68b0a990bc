import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToFit } from '../../src/mcp/cut-to-fit.ts';

const rows = (count: number) => Array.from({ length: count }, (_, row) => ({ row, text: 'x'.repeat(20) }));

describe('cutToFit', () => {
  it('does not change an answer that fits', () => {
    const value = { list: rows(3), none: null, nested: { flag: true } };
    expect(cutToFit(value, 1_000)).toEqual({ value, lists: [], texts: 0 });
  });

  it('shows the first items of each list, and says how many there are', () => {
    const fitted = cutToFit({ list: rows(1_000), few: rows(2) }, 2_000);
    expect(fitted).toEqual({
      value: { list: rows(20), few: rows(2) },
      lists: [{ path: 'list', kept: 20, of: 1_000 }],
      texts: 0,
    });
  });

  it('names lists within lists once, with the longest', () => {
    const series = [30, 40, 35].map((count) => ({ points: rows(count) }));
    expect(cutToFit({ series }, 2_500)?.lists).toEqual([{ path: 'series[].points', kept: 10, of: 40 }]);
  });

  it('cuts long texts before lists', () => {
    const fitted = cutToFit({ list: rows(10), stack: 'y'.repeat(5_000) }, 3_000);
    expect(fitted).toMatchObject({ lists: [], texts: 1 });
    expect(JSON.stringify(fitted?.value).length).toBeLessThanOrEqual(3_000);
  });

  it('gives up if the names alone do not fit', () => {
    const wide = Object.fromEntries(rows(500).map(({ row }) => [`column${row}`, row]));
    expect(cutToFit(wide, 1_000)).toBeNull();
  });

  it('counts names as JSON writes them', () => {
    const value = { '\\\\"': 1 };
    const { length } = JSON.stringify(value);
    expect(cutToFit(value, length + 1)).not.toBeNull();
    expect(cutToFit(value, length - 1)).toBeNull();
  });

  it('never returns more characters of JSON than allowed', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.integer({ min: 1, max: 400 }), (value, most) => {
        const fitted = cutToFit(value, most);
        if (fitted !== null) expect(JSON.stringify(fitted.value).length).toBeLessThanOrEqual(most);
      }),
    );
  });
});
