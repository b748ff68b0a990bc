import { describe, expect, it } from 'vitest';
import { toCsv } from '../../web/src/format/csv.ts';
import { roundTicks } from '../../web/src/parts/charts/axes.ts';
import { type Brushed, brushStep, rangeOf, within } from '../../web/src/parts/charts/brush.ts';
import { colorVariables } from '../../web/src/parts/charts/colors.ts';
import { placeNodes } from '../../web/src/parts/charts/layers.ts';
import { diffLines, linesOf } from '../../web/src/parts/charts/lines.ts';
import { stack, summarize, withoutFlat } from '../../web/src/parts/charts/series.ts';

it('writes CSV that is quoted and that no spreadsheet evaluates', () => {
  const columns = [
    { key: 'a', title: 'Name' },
    { key: 'b', title: 'Value, "exact"' },
  ];
  const rows = [
    { a: '=1+1', b: -2 },
    { a: 'two\nlines', b: null },
    { a: '@x,"y"', b: { c: 1 } },
  ];
  expect(toCsv(columns, rows)).toBe(
    'Name,"Value, ""exact"""\r\n\'=1+1,-2\r\n"two\nlines",\r\n"\'@x,""y""","{""c"":1}"\r\n',
  );
});

describe('charts', () => {
  it('stack known values and leave a gap where there are none', () => {
    expect(
      stack([
        [1, null, 3],
        [10, null, null],
      ]),
    ).toEqual([
      [1, null, 3],
      [11, null, 3],
    ]);
  });

  it('draw no line for a series that adds nothing to the ones below', () => {
    const rows = [
      [1, 1, 1, 1],
      [0, 0, 0, 2],
      [null, 0, 0, 0],
    ];
    expect(withoutFlat(stack(rows), rows)).toEqual([
      [1, 1, 1, 1],
      [null, null, 1, 3],
      [null, null, null, null],
    ]);
  });

  it('label round instants', () => {
    expect(roundTicks(310, 6)).toEqual([0, 100, 200, 300]);
    expect(roundTicks(8.61, 6)).toEqual([0, 2, 4, 6, 8]);
    expect(roundTicks(110_000, 6)).toEqual([0, 30_000, 60_000, 90_000]);
  });

  it('describe in words what they show', () => {
    const series = [
      { key: 'a', label: 'openai', values: [3, null, 12_345] },
      { key: 'b', label: 'google', values: [null] },
    ];
    expect(summarize(series, 'count')).toBe('openai: from 3 to 12.3K, last 12.3K; google: no values.');
  });

  it('give each key its colour in any order, and no two keys the same one', () => {
    const keys = ['openai', 'anthropic', 'google', 'mistral', 'xai', 'cohere', 'meta', 'amazon'];
    const colorsOf = (order: readonly string[]) => {
      const colors = colorVariables(order.map((key) => ({ key })));
      return new Map(order.map((key, index) => [key, colors[index]]));
    };
    const colors = colorsOf(keys);
    expect(new Set(colors.values()).size).toBe(8);
    expect(new Map([...colorsOf(keys.toReversed())].toReversed())).toEqual(colors);
    expect(colorVariables([{ key: 'other' }, { key: 'x', tone: 'bad' }])).toEqual(['--neutral', '--bad']);
  });
});

describe('graphs', () => {
  it('point to the right, even if edges form cycles', () => {
    const edges = [
      { from: 'a', to: 'b' },
      { from: 'a', to: 'c' },
      { from: 'b', to: 'c' },
      { from: 'c', to: 'a' },
      { from: 'c', to: 'c' },
      { from: 'c', to: 'unknown' },
    ];
    const slots = placeNodes(['a', 'b', 'c', 'alone'], edges);
    expect([...slots].map(([key, { layer }]) => [key, layer])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
      ['alone', 0],
    ]);
    expect(new Set([slots.get('a')?.order, slots.get('alone')?.order])).toEqual(new Set([0, 1]));
  });

  it('accept a chain that is longer than the call stack', () => {
    const keys = Array.from({ length: 12_000 }, (_, index) => String(index));
    const edges = keys.slice(1).map((to, index) => ({ from: String(index), to }));
    expect(placeNodes(keys, edges).get('11999')?.layer).toBe(11_999);
  });
});

describe('differences', () => {
  it('are minimal, in any order of the keys', () => {
    const before = linesOf({ b: 2, a: [1, 2], c: 3 });
    const after = linesOf({ a: [1, 3], c: 3, b: 2 });
    const changes = diffLines(before, after).filter(({ kind }) => kind !== 'same');
    expect(changes).toEqual([
      { kind: 'removed', text: '    2', before: 4, after: null },
      { kind: 'added', text: '    3', before: null, after: 4 },
    ]);
  });

  it('keep the lines between two changes', () => {
    const kinds = diffLines(['x', 'a', 'b', 'y'], ['a', 'z', 'b', 'w']).map(
      ({ kind, text }) => `${kind} ${text}`,
    );
    expect(kinds).toEqual(['removed x', 'same a', 'added z', 'same b', 'removed y', 'added w']);
  });
});

describe('a chart with keyboard control', () => {
  const press = (key: string, brushed: Brushed | null, shiftKey = false) =>
    brushStep({ key, shiftKey }, brushed, 20);
  const moved = (anchor: number, at: number) => ({ kind: 'move', brushed: { anchor, at } });

  it('begins at the newest instant, and stays within its range', () => {
    expect(press('ArrowLeft', null)).toEqual(moved(19, 19));
    expect(press('ArrowRight', { anchor: 19, at: 19 })).toEqual(moved(19, 19));
    expect(press('PageUp', { anchor: 1, at: 1 })).toEqual(moved(0, 0));
    expect(press('Home', { anchor: 9, at: 9 })).toEqual(moved(0, 0));
    expect(press('x', null)).toBeNull();
  });

  it('selects whole buckets with Shift, zooms into them, and drops the selection before it loses focus', () => {
    expect(press('ArrowLeft', { anchor: 9, at: 8 }, true)).toEqual(moved(9, 7));
    expect(press('ArrowLeft', { anchor: 9, at: 8 })).toEqual(moved(7, 7));
    expect(press('Enter', { anchor: 9, at: 8 })).toEqual({ kind: 'zoom', brushed: { anchor: 9, at: 8 } });
    expect(press('Enter', { anchor: 9, at: 9 })).toBeNull();
    expect(press('Escape', { anchor: 9, at: 8 })).toEqual({ kind: 'clear' });
    expect(press('Escape', { anchor: 9, at: 9 })).toEqual({ kind: 'leave' });
    expect(rangeOf({ anchor: 2, at: 1 }, [0, 60, 120, 180])).toEqual([60, 180]);
  });

  it('keeps to the buckets that a refreshed chart has', () => {
    expect(within({ anchor: 20, at: 18 }, 20)).toEqual({ anchor: 19, at: 18 });
    expect(within({ anchor: 20, at: 18 }, 5)).toEqual({ anchor: 4, at: 4 });
    expect(within({ anchor: 0, at: 0 }, 0)).toBeNull();
  });
});
