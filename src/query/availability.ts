import type { RollupSet } from '../core/dataset/dataset.ts';
import { dimensionSetName } from '../core/rollup/fold.ts';
import { cellsHorizon, type Horizons } from '../core/rollup/horizons.ts';
import { type AvailableFrom, coverBuckets } from './cover.ts';
import { answeringSets } from './plan.ts';
import type { QuerySpec } from './spec.ts';

/** From when rows and the cells of a set are whole; without a set, rows alone. */
export function availableFrom(horizons: Horizons, set: RollupSet | null): AvailableFrom {
  const name = set === null ? null : dimensionSetName(set);
  const cells = (grain: 'MINUTE' | 'HOUR' | 'DAY'): number =>
    name === null ? Number.NEGATIVE_INFINITY : cellsHorizon(horizons, name, grain);
  return { RAW: horizons.rows, MINUTE: cells('MINUTE'), HOUR: cells('HOUR'), DAY: cells('DAY') };
}

/**
 * The question without the beginning of its range that nothing can answer any more. Horizons are midnights in UTC, so from any of
 * them on whole cells of every grain are there.
 *
 * @param cells whether cells may answer; if not, rows alone
 */
export function withoutExpired(spec: QuerySpec, horizons: Horizons, cells: boolean): QuerySpec {
  const sets = cells ? answeringSets(spec) : [];
  const instants = sets.flatMap((set) => {
    const available = availableFrom(horizons, set);
    return set.grains.map((grain) => available[grain]);
  });
  const since = Math.min(horizons.rows, ...instants);
  return {
    ...spec,
    boundaries: spec.boundaries.map((boundary) => Math.max(boundary, Math.min(since, spec.range.to))),
  };
}

/**
 * The first instant from which on some source still answers every bucket. Where cells of a coarse grain reach further back than finer
 * ones, that depends on how the range is cut.
 *
 * @param boundariesFrom the cut of what lies from the instant on
 * @param cells whether cells may answer; if not, rows alone
 */
export function answerableFrom(
  spec: Omit<QuerySpec, 'boundaries'>,
  horizons: Horizons,
  cells: boolean,
  boundariesFrom: (instant: number) => readonly number[],
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
