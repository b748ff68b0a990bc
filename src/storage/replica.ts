/** What one operation may read at a replica. */
export interface ReplicaUse {
  /** The position of the primary that the replica must have reached; null: any. */
  readonly after: string | null;
  /**
   * The most that the replica was behind in its answers so far, in milliseconds. Null: it has
   * answered nothing yet.
   */
  behindMs: number | null;
}

/** Whether a text may be a position, as `Replica.position` returns it. */
export const isPosition = (text: string): boolean => /^[0-9a-f]{1,8}\/[0-9a-f]{1,8}$/i.test(text);

/** The use of a replica by an operation that begins. */
export const replicaUse = (after: string | null = null): ReplicaUse => ({ after, behindMs: null });

/** Where one piece of work reads: at the replica until it leaves it, then at the primary. */
export interface ReadTarget {
  readonly isReplica: boolean;
  /** The replica shows at least everything that was committed this many milliseconds ago. */
  readonly behindMs: number | null;
  /** Makes the rest of the work read at the primary. */
  leave(): void;
}

/**
 * `READY`: it answers. `BEHIND`: it is further behind than allowed. `AWAY`: it does not answer.
 * `UNFIT`: the server that answers is not a replica of this database, or has events that were lost
 * in a failover. `NEW`: it has not been polled yet.
 */
export type ReplicaStatus = 'READY' | 'BEHIND' | 'AWAY' | 'UNFIT' | 'NEW';

export interface ReplicaState {
  readonly status: ReplicaStatus;
  /** The most that it may be behind, in milliseconds; null: unknown. */
  readonly behindMs: number | null;
  /** Why it does not answer, in a sentence. Null while it answers. */
  readonly reason: string | null;
}

/** A streaming replica of the database, which answers questions about events. */
export interface Replica {
  /**
   * Begins to poll it. It answers once it has everything that was committed before this call,
   * including migrations and notes about rollups, on which questions depend.
   */
  follow(): void;
  state(): ReplicaState;
  /** A position of the primary: everything that was committed before this call lies before it. */
  position(): Promise<string>;
}

/** The target of work that begins at a replica. */
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

/** The target of work for which no replica may answer. */
export const AT_PRIMARY: ReadTarget = { isReplica: false, behindMs: null, leave() {} };
