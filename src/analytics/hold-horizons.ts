import type { Horizons } from '../core/rollup/horizons.ts';
import type { HorizonReader } from '../storage/horizons.ts';
import type { Scope } from './spec.ts';

/**
 * Plans by the horizons that are known, reads, and looks whether they still hold: they are moved
 * before anything is removed, so what was read was all there if they have not moved since. If they
 * have, the plan may have read too little.
 */
export function holdHorizons(horizons: HorizonReader) {
  return async <Found>(
    { projectId, dataset }: Pick<Scope, 'projectId' | 'dataset'>,
    work: (known: Horizons) => Promise<Found>,
  ): Promise<Found> => {
    for (let known = await horizons.known(projectId, dataset); ; ) {
      const found = await work(known);
      const now = await horizons.read(projectId, dataset);
      if (now === known) return found;
      known = now;
    }
  };
}
