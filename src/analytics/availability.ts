import type { RollupSet } from '../core/dataset/rollup-set.ts';
import { dimensionSetName } from '../core/rollup/fold.ts';
import { cellsHorizon, type Horizons } from '../core/rollup/horizons.ts';
import { type AvailableFrom, coverBuckets } from './cover.ts';
import { answeringSets } from './plan.ts';
import type { QuerySpec } from './spec.ts';

/** From when on rows and the cells of the set are complete; without a set, only rows. */
export function availableFrom(horizons: Horizons, set: RollupSet | null): AvailableFrom {
  const name = set === null ? null : dimensionSetName(set);
  const cells = (grain: 'MINUTE' | 'HOUR' | 'DAY'): number =>
    name === null ? Number.NEGATIVE_INFINITY : cellsHorizon(horizons, name, grain);
  return { RAW: horizons.rows, MINUTE: cells('MINUTE'), HOUR: cells('HOUR'), DAY: cells('DAY') };
}

interface Available {
  readonly horizons: Horizons;
  /** Whether cells may answer; false: only rows. */
  readonly cells: boolean;
  /** Cuts the part of the range that begins at the instant. */
  readonly boundariesFrom: (instant: number) => readonly number[];
}

/**
 * The earliest instant from which one source can answer every bucket. It depends on how the range
 * is cut, because cells of a coarse grain may reach further back than cells of a finer grain.
 */
export function answerableFrom(
  spec: Omit<QuerySpec, 'boundaries'>,
  { horizons, cells, boundariesFrom }: Available,
): number {
  const sources = [null, ...(cells ? answeringSets(spec) : [])].map((set) => ({
    grains: set?.grains ?? [],
    available: availableFrom(horizons, set),
  }));
  const horizonsOf = sources.flatMap(({ grains, available }) => grains.map((grain) => available[grain]));
  const instants = [...new Set([Number.NEGATIVE_INFINITY, ...horizonsOf, horizons.rows])];
  const answers = (instant: number): boolean => {
    const boundaries = boundariesFrom(instant);
    return sources.some(
      ({ grains, available }) => coverBuckets(boundaries, grains, available).expired === null,
    );
  };
  return instants.sort((one, other) => (one < other ? -1 : 1)).find(answers) ?? horizons.rows;
}
