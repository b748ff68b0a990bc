import type { Dataset } from '../../src/core/dataset/dataset.ts';
import { ROLLUP_WIDTH_MS, type RollupGrain } from '../../src/core/dataset/rollup-set.ts';
import {
  CELL_BYTES,
  CELL_DAYS,
  EVENTS_PER_PROJECT,
  IMPLIED_BY,
  MIX,
  PROJECT_EXPONENT,
  SPREADS,
} from './assumptions.ts';
import { combine, type Distribution, expectedDistinct, zipf } from './distribution.ts';

const DAY_MS = 86_400_000;

/** The rollup cells of one dimension set of one dataset, over all projects. */
export interface CellSource {
  readonly dataset: string;
  readonly dimensions: readonly string[];
  readonly grains: readonly RollupGrain[];
  /** The share of the dataset in all events. */
  readonly share: number;
  /** The probability of each combination of a project and dimension values. */
  readonly distribution: Distribution;
  /** The size of a cell on disk, with its key in the index. */
  readonly bytes: number;
}

/** The number of cells of all datasets together. */
export interface CellVolume {
  /** New cells per day, by grain. */
  readonly perDay: Readonly<Record<RollupGrain, number>>;
  /** How many cells remain once the oldest have begun to expire. */
  readonly kept: Readonly<Record<RollupGrain, number>>;
  /** The size of the remaining cells on disk. */
  readonly keptBytes: number;
}

export const projectsOf = (eventsPerDay: number): number =>
  Math.max(1, Math.round(eventsPerDay / EVENTS_PER_PROJECT));

/** The dimension sets that the datasets declare, with the distribution of their values. */
export function cellSources(datasets: readonly Dataset[], projects: number): CellSource[] {
  return datasets.flatMap(({ name, rollups, measures, histogramMeasures }) => {
    const share = MIX[name] ?? 0;
    if (share === 0) return [];
    const { key, measure, histogram } = CELL_BYTES;
    const bytes = key + measure * measures.length + histogram * histogramMeasures.length;
    return rollups.map(({ dimensions, grains }) => {
      return {
        dataset: name,
        dimensions,
        grains,
        share,
        bytes,
        distribution: spreadOf(dimensions, projects),
      };
    });
  });
}

/** Dimensions are independent of each other, unless one implies another. */
function spreadOf(dimensions: readonly string[], projects: number): Distribution {
  return dimensions
    .filter((name) => !dimensions.includes(IMPLIED_BY[name] ?? ''))
    .map((name) => {
      const spread = SPREADS[name];
      if (spread === undefined) throw new Error(`assumptions.ts does not say how ${name} is spread.`);
      return zipf(spread.values, spread.exponent);
    })
    .reduce(combine, zipf(projects, PROJECT_EXPONENT));
}

/**
 * How many cells this many events per day make, distributed evenly over instances. Each instance
 * writes its own cells.
 */
export function cellVolume(
  sources: readonly CellSource[],
  eventsPerDay: number,
  instances: number,
  days: Readonly<Record<RollupGrain, number>> = CELL_DAYS,
): CellVolume {
  const perDay = { MINUTE: 0, HOUR: 0, DAY: 0 };
  const kept = { MINUTE: 0, HOUR: 0, DAY: 0 };
  let keptBytes = 0;
  for (const { share, grains, bytes, distribution } of sources) {
    for (const grain of grains) {
      const buckets = DAY_MS / ROLLUP_WIDTH_MS[grain];
      const events = (eventsPerDay * share) / buckets / instances;
      const cells = buckets * instances * expectedDistinct(distribution, events);
      perDay[grain] += cells;
      kept[grain] += cells * days[grain];
      keptBytes += cells * days[grain] * bytes;
    }
  }
  return { perDay, kept, keptBytes };
}

/**
 * How many cells one commit of this many events writes, if all happened within a minute, and their
 * bytes.
 */
export function cellsOfCommit(
  sources: readonly CellSource[],
  events: number,
): { readonly cells: number; readonly bytes: number } {
  let cells = 0;
  let bytes = 0;
  for (const source of sources) {
    const touched = source.grains.length * expectedDistinct(source.distribution, events * source.share);
    cells += touched;
    bytes += touched * source.bytes;
  }
  return { cells, bytes };
}
