import type { RollupSet } from '../core/dataset/dataset.ts';
import { dimensionSetName } from '../core/rollup/fold.ts';
import { cellsHorizon, type Horizons } from '../core/rollup/horizons.ts';
import type { AvailableFrom } from './cover.ts';
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
