import type { RollupSet } from '../core/dataset/dataset.ts';
import { dimensionSetName } from '../core/rollup/fold.ts';
import { cellsHorizon, type Horizons } from '../core/rollup/horizons.ts';
import type { AvailableFrom } from './cover.ts';

/** From when rows and the cells of a set are whole; without a set, rows alone. */
export function availableFrom(horizons: Horizons, set: RollupSet | null): AvailableFrom {
  const name = set === null ? null : dimensionSetName(set);
  const cells = (grain: 'MINUTE' | 'HOUR' | 'DAY'): number =>
    name === null ? Number.NEGATIVE_INFINITY : cellsHorizon(horizons, name, grain);
  return { RAW: horizons.rows, MINUTE: cells('MINUTE'), HOUR: cells('HOUR'), DAY: cells('DAY') };
}
