import { differOnlyByMaking, type Horizons } from '../core/rollup/horizons.ts';
import type { HorizonReader } from '../storage/horizons.ts';
import type { Scope } from './spec.ts';

/**
 * Runs the work with the known horizons, and runs it again if they have moved meanwhile. Horizons
 * move before anything is removed. If they have not moved, everything that the work read was
 * complete; if they have, the plan may have read too little. Cells that were made meanwhile change
 * nothing, because rows answered in their place. Asking again for each day of new cells could go on
 * for minutes.
 */
export function holdHorizons(horizons: HorizonReader) {
  return async <Found>(
    { projectId, dataset }: Pick<Scope, 'projectId' | 'dataset'>,
    work: (known: Horizons) => Promise<Found>,
  ): Promise<Found> => {
    for (let known = await horizons.known(projectId, dataset); ; ) {
      const found = await work(known);
      const now = await horizons.read(projectId, dataset);
      if (differOnlyByMaking(now, known)) return found;
      known = now;
    }
  };
}
