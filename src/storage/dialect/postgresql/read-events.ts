import { codeOf } from '../../../core/thrown.ts';
import type { ReadScopes } from '../../reading.ts';
import { AT_PRIMARY, placeAtReplica } from '../../replica.ts';
import type { Store } from '../../store.ts';
import { asUnavailable } from '../unavailable.ts';
import { readPosition } from './positions.ts';
import type { WatchedReplica } from './replica.ts';

/** A replica ends statements that need what it has to remove, as the primary did. */
const CONFLICTS = new Set(['40001', '40P01']);

/** `Store.readEvents` where there is a replica. */
export function readAtReplica(
  replica: Pick<WatchedReplica, 'behindMsAfter' | 'failed'>,
  scopes: Pick<ReadScopes, 'run' | 'current'>,
): Store['readEvents'] {
  return async (work) => {
    const { replica: use, place, signal } = scopes.current();
    if (use === null || place !== null) return work();
    const after = use.after === null ? null : readPosition(use.after);
    const behindMs = await replica.behindMsAfter(after);
    if (behindMs === null) return scopes.run({ place: AT_PRIMARY }, work);
    const here = placeAtReplica(behindMs);
    try {
      const value = await scopes.run({ place: here }, work);
      if (here.isReplica) use.behindMs = Math.max(use.behindMs ?? 0, behindMs);
      return value;
    } catch (error) {
      const isOfReplica = here.isReplica && signal?.aborted !== true;
      const isConflict = CONFLICTS.has(codeOf(error) ?? '');
      const unavailable = asUnavailable(error);
      if (!isOfReplica || !(isConflict || unavailable !== null)) throw error;
      if (!isConflict) replica.failed(error);
      return scopes.run({ place: AT_PRIMARY }, work);
    }
  };
}
