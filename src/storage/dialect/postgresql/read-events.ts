import { codeOf } from '../../../core/thrown.ts';
import type { ReadScopes } from '../../reading.ts';
import { AT_PRIMARY, replicaTarget } from '../../replica.ts';
import type { Store } from '../../store.ts';
import { asUnavailable } from '../unavailable.ts';
import { readPosition } from './positions.ts';
import type { WatchedReplica } from './replica.ts';

/** A replica ends statements that need rows which it has to remove, as the primary did. */
const CONFLICTS = new Set(['40001', '40P01']);

/** `Store.readEvents` where there is a replica. */
export function readAtReplica(
  replica: Pick<WatchedReplica, 'behindMsAfter' | 'failed'>,
  scopes: Pick<ReadScopes, 'run' | 'current'>,
): Store['readEvents'] {
  return async (work) => {
    const { replica: use, target, signal } = scopes.current();
    if (use === null || target !== null) return work();
    const after = use.after === null ? null : readPosition(use.after);
    const behindMs = await replica.behindMsAfter(after);
    if (behindMs === null) return scopes.run({ target: AT_PRIMARY }, work);
    const here = replicaTarget(behindMs);
    try {
      const value = await scopes.run({ target: here }, work);
      if (here.isReplica) use.behindMs = Math.max(use.behindMs ?? 0, behindMs);
      return value;
    } catch (error) {
      const isOfReplica = here.isReplica && signal?.aborted !== true;
      const isConflict = CONFLICTS.has(codeOf(error) ?? '');
      const unavailable = asUnavailable(error);
      if (!isOfReplica || !(isConflict || unavailable !== null)) throw error;
      if (!isConflict) replica.failed(error);
      return scopes.run({ target: AT_PRIMARY }, work);
    }
  };
}
