import { differOnlyByMaking, type Horizons } from '../core/rollup/horizons.ts';
import type { HorizonReader } from '../storage/horizons.ts';
import type { Scope } from './spec.ts';

/**
 * Runs the work with the known horizons, and again if they have moved meanwhile. Horizons move
 * before anything is removed: if they have not moved, all that the work read was complete; if they
 * have, the plan may have read too little. Cells that were made meanwhile change nothing: rows
 * answered in their place. To ask again for each day that is made could go on for minutes.
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
