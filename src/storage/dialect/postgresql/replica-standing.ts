import type { ReplicaState } from '../../replica.ts';
import type { ReplicaOptions } from '../dialect.ts';
import { createLag } from './lag.ts';
import type { Position } from './positions.ts';

/** After so many looks without an answer it counts as away. */
const LOOKS_OF_PATIENCE = 4;
const NEW: ReplicaState = { status: 'NEW', behindMs: null, reason: 'It has not been checked yet.' };

/** What the looks at a replica have shown, and whether it may answer by that. */
export interface Standing {
  state(): ReplicaState;
  /** Tells of the state if it is another one than that of which it told last. */
  tell(): void;
  /** Where the replica was at the last look; null: nobody knows. */
  position(): Position | null;
  /**
   * It is a replica of the primary, which was at this position, or beyond it, when it was asked at
   * that time.
   */
  found(at: number, primary: Position, replica: Position): void;
  /** What answered is no replica of this primary. */
  foundUnfit(at: number, reason: string): void;
  /** It does not answer, or the primary does not. */
  lose(reason: string): void;
}

export function createStanding({
  maxLagMs,
  onChange,
  lookEveryMs,
}: Required<Pick<ReplicaOptions, 'maxLagMs' | 'onChange' | 'lookEveryMs'>>): Standing {
  let lag = createLag();
  let trouble: Pick<ReplicaState, 'status' | 'reason'> | null = NEW;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let told = NEW.status;

  function state(): ReplicaState {
    const now = performance.now();
    const behindMs = lag.behindMs(now);
    if (trouble !== null) return { ...trouble, behindMs };
    if (now - lookedAt > LOOKS_OF_PATIENCE * lookEveryMs)
      return { status: 'AWAY', behindMs, reason: 'It does not answer.' };
    if (behindMs === null)
      return { status: 'BEHIND', behindMs, reason: 'It lacks data that existed when the server started.' };
    if (behindMs <= maxLagMs) return { status: 'READY', behindMs, reason: null };
    return {
      status: 'BEHIND',
      behindMs,
      reason: `It is more than ${maxLagMs} ms behind (DATABASE_READ_MAX_LAG_MS).`,
    };
  }

  return {
    state,
    tell() {
      const now = state();
      if (now.status === told) return;
      told = now.status;
      onChange(now);
    },
    position: () => lag.position(),
    found(at, primary, replica) {
      trouble = null;
      lag.sample(at, primary);
      lag.reached(replica);
      lookedAt = at;
    },
    foundUnfit(at, reason) {
      trouble = { status: 'UNFIT', reason };
      // The positions of another log say nothing about this one.
      lag = createLag();
      lookedAt = at;
    },
    lose(reason) {
      lag.forget();
      trouble = { status: 'AWAY', reason };
    },
  };
}
