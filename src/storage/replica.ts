/** What one operation may read at a replica. */
export interface ReplicaUse {
  /** The position of the primary that the replica must have reached; null: any. */
  readonly after: string | null;
  /** How far the replica was behind at most, in milliseconds, of what it answered. Null: nothing so far. */
  behindMs: number | null;
}

/** Whether a text may be a position, as `Replica.position` returns it. */
export const isPosition = (text: string): boolean => /^[0-9a-f]{1,8}\/[0-9a-f]{1,8}$/i.test(text);

/** The use of a replica by an operation that begins. */
export const replicaUse = (after: string | null = null): ReplicaUse => ({ after, behindMs: null });

/** Where one piece of work reads: at the replica until it leaves it, then at the primary. */
export interface ReadTarget {
  readonly isReplica: boolean;
  /** What the replica shows has at least everything that was committed so many milliseconds ago. */
  readonly behindMs: number | null;
  /** The rest of the work reads at the primary. */
  leave(): void;
}

/**
 * `READY`: it answers. `BEHIND`: further than it may be. `AWAY`: it does not answer. `UNFIT`: what
 * answers is no replica of this database, or has what it lost in a failover. `NEW`: nobody has
 * looked yet.
 */
export type ReplicaStatus = 'READY' | 'BEHIND' | 'AWAY' | 'UNFIT' | 'NEW';

export interface ReplicaState {
  readonly status: ReplicaStatus;
  /** At most so many milliseconds; null: unknown. */
  readonly behindMs: number | null;
  /** Why it does not answer, in a sentence. Null while it does. */
  readonly reason: string | null;
}

/** A streaming replica of the database, which answers questions about events. */
export interface Replica {
  /**
   * Begins to look at it. It answers once it has everything that was committed before this call: the
   * migrations and notes about rollups, too, on which questions depend.
   */
  follow(): void;
  state(): ReplicaState;
  /** The position of the primary: everything that was committed before this call is before it. */
  position(): Promise<string>;
}

/** The place of work that begins at a replica. */
export function replicaTarget(behindMs: number): ReadTarget {
  let isReplica = true;
  return {
    get isReplica() {
      return isReplica;
    },
    get behindMs() {
      return isReplica ? behindMs : null;
    },
    leave() {
      isReplica = false;
    },
  };
}

/** The place of work for which no replica may answer. */
export const AT_PRIMARY: ReadTarget = { isReplica: false, behindMs: null, leave() {} };
