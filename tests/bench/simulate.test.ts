import { describe, expect, it } from 'vitest';
import { SPREADS } from '../../bench/simulate/assumptions.ts';
import { cellSources, cellsOfCommit } from '../../bench/simulate/cells.ts';
import { capacityOf, createRandom, playCommits } from '../../bench/simulate/commits.ts';
import { combine, type Distribution, expectedDistinct, zipf } from '../../bench/simulate/distribution.ts';
import { shardsTouched, skewOf } from '../../bench/simulate/shards.ts';
import type { Row } from '../../src/core/dataset/row.ts';
import { foldRows } from '../../src/core/rollup/fold.ts';
import { toolCalls } from '../../src/declarations/agents/tool-calls.ts';
import { datasets } from '../../src/declarations/registry.ts';

const mass = (distribution: Distribution) =>
  distribution.reduce((sum, { probability, count }) => sum + probability * count, 0);

/** Draws the numbers of values with the probabilities of `zipf`. */
function drawer(values: number, exponent: number, random: () => number): () => number {
  const weights = Array.from({ length: values }, (_, index) => (index + 1) ** -exponent);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return () => {
    let left = random() * total;
    for (let value = 0; value < values; value++) {
      left -= weights[value] ?? 0;
      if (left < 0) return value;
    }
    return values - 1;
  };
}

describe('the simulation of cells', () => {
  it('knows how many distinct values are drawn', () => {
    const draw = drawer(500, 1.1, createRandom(7));
    for (const draws of [10, 300, 5_000]) {
      const runs = Array.from({ length: 30 }, () => new Set(Array.from({ length: draws }, draw)).size);
      const mean = runs.reduce((sum, size) => sum + size, 0) / runs.length;
      expect(expectedDistinct(zipf(500, 1.1), draws) / mean).toBeCloseTo(1, 1);
    }
  });

  it('combines dimensions without losing outcomes', () => {
    const both = combine(zipf(40, 1), zipf(300, 0.7));
    expect(mass(both)).toBeCloseTo(1, 6);
    expect(both.reduce((sum, { count }) => sum + count, 0)).toBe(12_000);
    expect(expectedDistinct(both, 1e9)).toBeCloseTo(12_000, 0);
  });

  it('predicts the cells that the server makes of such events', () => {
    const random = createRandom(3);
    const draws = Object.fromEntries(
      ['tool', 'success', 'decision', 'errorType', 'service', 'environment', 'agentId', 'mcpServer'].map(
        (name) => {
          const { values, exponent } = SPREADS[name] ?? { values: 1, exponent: 0 };
          return [name, drawer(values, exponent, random)];
        },
      ),
    );
    const rows = Array.from(
      { length: 1_000 },
      (): Row =>
        toolCalls.columns.map(({ name }) => {
          if (name === 'projectId') return 'default';
          if (name === 'timestamp') return 1_800_000_000_000;
          return draws[name]?.() ?? null;
        }),
    );
    const sources = cellSources(datasets, 1)
      .filter(({ dataset }) => dataset === 'toolCalls')
      .map((source) => ({ ...source, share: 1 }));
    expect(cellsOfCommit(sources, rows.length).cells / foldRows(toolCalls, rows).length).toBeCloseTo(1, 1);
  });

  it('knows how the values of every declared dimension are spread', () => {
    expect(cellSources(datasets, 1).length).toBeGreaterThan(30);
  });
});

describe('the simulation of group commit', () => {
  const costs = { fixedMs: 5, perEventMs: 0.05, perCellMs: 0.01, cellsOf: (events: number) => events };
  const traffic = { eventsPerCall: 10, maxEventsPerCommit: 20_000, seconds: 20 };

  it('commits an event at once if the writer is free', () => {
    const { p50Ms, busy, eventsPerCommit } = playCommits(costs, { ...traffic, eventsPerSecond: 20 });
    expect(p50Ms).toBeCloseTo(5.6, 6);
    expect(busy).toBeLessThan(0.02);
    expect(eventsPerCommit).toBeCloseTo(10, 0);
  });

  it('commits more events together under more load, up to the cost of the events themselves', () => {
    const most = capacityOf(costs, traffic, 1_000);
    expect(most).toBeGreaterThan(1000 / (5 / 10 + 0.06));
    expect(most).toBeLessThan(1000 / 0.06);
    const beyond = playCommits(costs, { ...traffic, eventsPerSecond: most * 1.5 });
    expect(beyond.p99Ms).toBeGreaterThan(1_000);
  });
});

describe('the simulation of shards', () => {
  it('is even for ids, and uneven for one key that has most events', () => {
    expect(skewOf(zipf(200_000, 0), { shards: 32, nodes: 4 }).nodes).toBeCloseTo(1, 1);
    expect(skewOf(zipf(1, 0), { shards: 32, nodes: 4 })).toEqual({ shards: 32, nodes: 4 });
  });

  it('counts the shards that a transaction reaches', () => {
    expect(shardsTouched(32, 1)).toBeCloseTo(1, 6);
    expect(shardsTouched(32, 10_000)).toBeCloseTo(32, 6);
  });
});
