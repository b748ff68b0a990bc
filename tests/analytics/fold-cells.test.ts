import { describe, expect, it } from 'vitest';
import { createGroups, toStats } from '../../src/analytics/accumulator.ts';
import type { CellEntry, Cells } from '../../src/analytics/cells.ts';
import { foldCells } from '../../src/analytics/fold-cells.ts';
import { resolveMeasures } from '../../src/analytics/measures.ts';
import type { QuerySpec } from '../../src/analytics/spec.ts';
import { addValue } from '../../src/core/histogram.ts';
import {
  addToSums,
  createCell,
  encodeCell,
  SUM_STRIDE,
  SUMS_BYTES,
  type SumsForm,
} from '../../src/core/rollup/cell.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { createPortions } from '../../src/runtime/portions.ts';

const all = resolveMeasures(llmCalls, [
  { measure: 'latencyMs', quantiles: [0, 1] },
  { measure: 'messageCount', quantiles: [] },
]);
const spec: QuerySpec = {
  dataset: llmCalls,
  projectId: 'default',
  range: { from: 0, to: 300_000 },
  filter: null,
  dimensions: [],
  boundaries: [0, 120_000, 300_000],
  measures: [],
};

const latency = llmCalls.measures.findIndex((column) => column.name === 'latencyMs');
const latencyHistogram = llmCalls.histogramMeasures.findIndex((column) => column.name === 'latencyMs');

/**
 * One cell per value of latency, a minute apart, of a declaration with only the first `declared`
 * measures.
 */
function cellsOf(values: readonly number[], declared = llmCalls.measures.length, form?: SumsForm): Cells {
  const encoded = values.map((value) => {
    const cell = createCell(declared, llmCalls.histogramMeasures.length);
    cell.rowCount = 1;
    addToSums(cell.sums, latency * SUM_STRIDE, value);
    addValue(cell.histograms[latencyHistogram] as (typeof cell.histograms)[number], value);
    return encodeCell(cell, form);
  });
  const entries = encoded.map(
    ({ sums, histograms }, index): CellEntry => [
      (index % 5) * 60_000,
      '[]',
      1,
      0,
      sums.length,
      histograms.length,
    ],
  );
  const pack = {
    entries,
    sums: Buffer.concat(encoded.map(({ sums }) => sums)),
    histograms: Buffer.concat(encoded.map(({ histograms }) => histograms)),
  };
  const stretch = { start: 0, length: llmCalls.measures.length * SUMS_BYTES };
  return { packs: [pack], stretch, count: values.length, valuesOf: () => [] };
}

async function fold(cells: Cells, measures = all) {
  const groups = createGroups({ measures, histograms: true, kept: null });
  await foldCells({ pass: createPortions().pass, count() {} }, cells, { spec, measures, groups });
  return groups
    .list()[0]
    ?.buckets.map((bucket) => bucket && toStats({ spec: { dataset: llmCalls }, measures }, bucket));
}

describe('foldCells', () => {
  it('puts cells into their buckets and adds up cells of the same bucket, whichever writer stored them', async () => {
    const buckets = await fold(cellsOf([10, 20, 30, 40, 50, 60]));
    expect(buckets?.map((stats) => [stats?.rowCount, stats?.measures.get('latencyMs')?.sum])).toEqual([
      [3, 90],
      [3, 120],
    ]);
    const first = buckets?.[0]?.measures.get('latencyMs');
    expect([first?.min, first?.max]).toEqual([10, 60]);
    expect(first?.quantiles.get(1)).toBe(60);
  });

  it('treats measures that were declared after a cell was written as absent', async () => {
    const buckets = await fold(cellsOf([10], latency + 1));
    expect(buckets?.[0]?.measures.get('latencyMs')?.sum).toBe(10);
    expect(buckets?.[0]?.measures.get('messageCount')).toMatchObject({ count: 0, sum: null, min: null });
  });

  it('takes a slice of the sums when cells hold different numbers of measures', async () => {
    const start = latency * SUMS_BYTES;
    const cut = (declared: number): Cells => {
      const cells = cellsOf([10, 20], declared);
      const packs = cells.packs.map((pack) => {
        const sums = pack.entries.map(([, , , , length], index) =>
          pack.sums.subarray(index * length, (index + 1) * length).subarray(start, start + SUMS_BYTES),
        );
        return { ...pack, sums: Buffer.concat(sums) };
      });
      return { ...cells, packs, stretch: { start, length: SUMS_BYTES } };
    };
    const only = all.filter(({ column }) => column.name === 'latencyMs');
    const sumOf = async (cells: Cells) => (await fold(cells, only))?.[0]?.measures.get('latencyMs')?.sum;
    const [whole, short] = [cut(llmCalls.measures.length), cut(latency - 1)];
    expect([await sumOf(whole), await sumOf(short)]).toEqual([30, null]);
    // Dense sums are complete, as PostgreSQL has them after a copy from SQLite.
    const dense = cellsOf([1, 0.5], llmCalls.measures.length, 'DENSE');
    const every = { ...whole, packs: [...short.packs, ...dense.packs, ...whole.packs] };
    expect(await sumOf(every)).toBe(31.5);
  });

  it('takes whole sums of both forms, which a SQLite file has after an upgrade', async () => {
    const [before, since] = [cellsOf([10, 20.5]), cellsOf([30, 0.1], undefined, 'DENSE')];
    const bytes = ({ packs }: Cells) => packs.reduce((total, { sums }) => total + sums.length, 0);
    expect(bytes(since)).toBeLessThan(bytes(before) / 2);
    const buckets = await fold({ ...before, packs: [...before.packs, ...since.packs], stretch: null });
    expect(buckets?.[0]?.measures.get('latencyMs')).toMatchObject({ count: 4, sum: 60.6, min: 0.1, max: 30 });
  });

  it('lets other work run between thousands of cells', async () => {
    let turns = 0;
    const count = (): void => {
      turns++;
      timer = setImmediate(count);
    };
    let timer = setImmediate(count);
    await fold(cellsOf(Array(10_000).fill(1)));
    clearImmediate(timer);
    expect(turns).toBeGreaterThanOrEqual(4);
  });
});
