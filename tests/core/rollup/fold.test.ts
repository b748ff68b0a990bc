import { describe, expect, test } from 'vitest';
import { boolean, integer, text } from '../../../src/core/dataset/column.ts';
import { defineDataset } from '../../../src/core/dataset/dataset.ts';
import type { Row } from '../../../src/core/dataset/row.ts';
import { valueKey, ZERO_KEY } from '../../../src/core/histogram-encoder.ts';
import { MAX, SUM } from '../../../src/core/rollup/cell.ts';
import { bucketStart, foldRows, type Keyed } from '../../../src/core/rollup/fold.ts';
import { createCellEncoder, type FoldedCell } from '../../../src/core/rollup/folded-cell.ts';

const dataset = defineDataset({
  name: 'visits',
  entity: 'Visit',
  table: 'visits',
  description: 'A visit.',
  columns: {
    page: text({ role: 'dimension', optional: true, description: 'Page.' }),
    success: boolean({ role: 'dimension', description: 'Whether it worked.' }),
    size: integer({ role: 'measure', optional: true, quantiles: true, description: 'Size.' }),
  },
  rollups: [{ dimensions: [] }, { dimensions: ['page', 'success'], grains: ['HOUR', 'DAY'] }],
});

const NOON = Date.parse('2026-11-20T12:00:00.000Z');

function visit(
  page: string | null,
  offset: number,
  { size = 1 as number | null, success = true, projectId = 'p' } = {},
): Row {
  const values: Record<string, Row[number]> = {
    projectId,
    id: 'x',
    timestamp: NOON + offset,
    receivedAt: 0,
    page,
    success,
    size,
  };
  return dataset.columns.map((column) => values[column.name] ?? null);
}

const keysOf = (cells: readonly Keyed<FoldedCell>[]): string[] =>
  cells.map(({ grain, bucket, dimensionSet, dimensionKey, cell }) =>
    [grain, new Date(bucket).toISOString().slice(5, 16), dimensionSet, dimensionKey, cell.rowCount].join(' '),
  );

describe('foldRows', () => {
  test('makes a cell for each set, grain, bucket and combination', () => {
    const cells = foldRows(dataset, [
      visit('/a', 0),
      visit('/a', 59_999),
      visit('/b', 60_000),
      visit('/a', 3_600_000),
    ]);
    expect(keysOf(cells)).toEqual([
      'MINUTE 11-20T12:00  [] 2',
      'MINUTE 11-20T12:01  [] 1',
      'MINUTE 11-20T13:00  [] 1',
      'HOUR 11-20T12:00  [] 3',
      'HOUR 11-20T13:00  [] 1',
      'DAY 11-20T00:00  [] 4',
      'HOUR 11-20T12:00 page,success ["/a",true] 2',
      'HOUR 11-20T12:00 page,success ["/b",true] 1',
      'HOUR 11-20T13:00 page,success ["/a",true] 1',
      'DAY 11-20T00:00 page,success ["/a",true] 3',
      'DAY 11-20T00:00 page,success ["/b",true] 1',
    ]);
  });

  test('counts successes, and leaves absent values out of the measure', () => {
    const rows = [
      visit('/a', 0, { size: 5 }),
      visit('/a', 1, { size: null, success: false }),
      visit('/a', 2, { size: 0 }),
    ];
    const day = foldRows(dataset, rows).find(({ grain }) => grain === 'DAY')?.cell;
    expect(day).toMatchObject({ rowCount: 3, successCount: 2 });
    expect([...(day?.sums ?? [])]).toEqual([2, 5, 0, 5]);
    expect(day?.keys).toEqual([[valueKey(5), ZERO_KEY]]);
  });

  test.each([
    ['no value and the text "null"', [null, 'null']],
    ['texts that look alike when joined', ['a,b', 'a', '"a"', '', '[]', '1']],
  ])('keeps %s apart', (_, pages) => {
    const cells = foldRows(
      dataset,
      pages.map((page) => visit(page, 0)),
    );
    const keys = cells.filter(({ dimensionSet, grain }) => dimensionSet !== '' && grain === 'DAY');
    expect(keys.map(({ dimensionKey }) => JSON.parse(dimensionKey)[0])).toEqual(pages);
  });

  test('keeps projects apart', () => {
    const rows = [visit('/a', 0, { projectId: 'p' }), visit('/a', 0, { projectId: 'q' })];
    const days = foldRows(dataset, rows).filter(
      ({ grain, dimensionSet }) => grain === 'DAY' && dimensionSet === '',
    );
    expect(days.map(({ projectId, cell }) => [projectId, cell.rowCount])).toEqual([
      ['p', 1],
      ['q', 1],
    ]);
  });

  test('rolls finer grains up into the cell that folding at the coarse grain gives', () => {
    const rows = Array.from({ length: 500 }, (_, index) =>
      visit('/a', (index * 7_919_000) % 86_000_000, { size: index }),
    );
    const [coarse] = foldRows(
      { ...dataset, rollups: [{ dimensions: [], grains: ['DAY'] }] },
      rows.slice(0, 300),
    );
    const rolled = foldRows(
      { ...dataset, rollups: [{ dimensions: [], grains: ['MINUTE', 'HOUR', 'DAY'] }] },
      rows.slice(0, 300),
    );
    const inDay = rolled.filter(({ grain, bucket }) => grain === 'DAY' && bucket === coarse?.bucket);
    const encoder = createCellEncoder();
    const encode = (keyed: Keyed<FoldedCell> | undefined) => keyed && encoder.encode(keyed.cell, null);
    expect(encode(inDay[0])).toEqual(encode(coarse));
    expect(coarse?.cell.sums[SUM]).toBeGreaterThan(0);
    expect(coarse?.cell.sums[MAX]).toBe(298);
  });

  test('gives no cells for no rows', () => {
    expect(foldRows(dataset, [])).toEqual([]);
  });
});

test.each([
  [0, 'DAY', 0],
  [-1, 'DAY', -86_400_000],
  [86_399_999, 'DAY', 0],
  [3_600_000, 'HOUR', 3_600_000],
  [119_999, 'MINUTE', 60_000],
] as const)('bucketStart(%i, %s) is %i', (timestamp, grain, start) => {
  expect(bucketStart(timestamp, grain)).toBe(start);
});
