import type { ReplicaState } from '../../replica.ts';
import type { ReplicaOptions } from '../dialect.ts';
import { createLag } from './lag.ts';
import type { Position } from './positions.ts';

/** After this many polls without an answer, the replica counts as away. */
const MAX_MISSED_POLLS = 4;
const NEW: ReplicaState = { status: 'NEW', behindMs: null, reason: 'It has not been checked yet.' };

/** What polling a replica has shown, and whether the replica may answer accordingly. */
export interface Standing {
  state(): ReplicaState;
  /** Reports the state if it differs from the one reported last. */
  report(): void;
  /** Where the replica was at the last poll; null: unknown. */
  position(): Position | null;
  /**
   * It is a replica of the primary, which was at this position, or beyond it, when it was asked at
   * that time.
   */
  found(at: number, primary: Position, replica: Position): void;
  /** The server that answered is not a replica of this primary. */
  foundUnfit(at: number, reason: string): void;
  /** The replica or the primary does not answer. */
  lose(reason: string): void;
}

export function createStanding({
  maxLagMs,
  onChange,
  pollIntervalMs,
}: Required<Pick<ReplicaOptions, 'maxLagMs' | 'onChange' | 'pollIntervalMs'>>): Standing {
  let lag = createLag();
  let trouble: Pick<ReplicaState, 'status' | 'reason'> | null = NEW;
  let polledAt = Number.NEGATIVE_INFINITY;
  let reportedStatus = NEW.status;

  function state(): ReplicaState {
    const now = performance.now();
    const behindMs = lag.behindMs(now);
    if (trouble !== null) return { ...trouble, behindMs };
    if (now - polledAt > MAX_MISSED_POLLS * pollIntervalMs)
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
    report() {
      const now = state();
      if (now.status === reportedStatus) return;
      reportedStatus = now.status;
      onChange(now);
    },
    position: () => lag.position(),
    found(at, primary, replica) {
      trouble = null;
      lag.sample(at, primary);
      lag.reached(replica);
      polledAt = at;
    },
    foundUnfit(at, reason) {
      trouble = { status: 'UNFIT', reason };
      // The positions of another log say nothing about this one.
      lag = createLag();
      polledAt = at;
    },
    lose(reason) {
      lag.forget();
      trouble = { status: 'AWAY', reason };
    },
  };
}
