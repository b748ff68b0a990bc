import { defined } from '../../../core/defined.ts';
import { messageOf } from '../../../core/thrown.ts';
import type { Replica } from '../../replica.ts';
import type { ReplicaOptions } from '../dialect.ts';
import { endOfRecords, type Position, readPosition, writePosition } from './positions.ts';
import { createStanding, type Standing } from './replica-standing.ts';
import type { Server } from './server.ts';

/** How often the replica is polled. */
const POLL_INTERVAL_MS = 500;
/** How often a read that waits for a position checks for it. */
const WAIT_STEP_MS = 20;
const PRIMARY =
  'select pg_current_wal_insert_lsn()::text as position, system_identifier::text as system from pg_control_system()';
const REPLICA = `select pg_last_wal_replay_lsn()::text as position, pg_is_in_recovery() as recovering,
  system_identifier::text as system from pg_control_system()`;

/** A replica, and how reads find out whether it may answer. */
export interface WatchedReplica extends Replica {
  /**
   * How far it is behind, in milliseconds, once it has reached a position. Null: the primary must
   * answer.
   */
  behindMsAfter(position: Position | null): Promise<number | null>;
  /** Called when a statement failed because of the replica. */
  failed(error: unknown): void;
  /** Ends the polling. */
  stop(): void;
}

export function watchReplica(
  { primary, server }: Servers,
  { maxLagMs, waitMs, onChange, pollIntervalMs = POLL_INTERVAL_MS }: Omit<ReplicaOptions, 'url'>,
): WatchedReplica {
  const standing = createStanding({ maxLagMs, onChange, pollIntervalMs });
  const polling = createPolling({ primary, server }, standing, pollIntervalMs);

  async function hasReached(position: Position): Promise<boolean> {
    const end = performance.now() + waitMs;
    for (;;) {
      if ((standing.position() ?? -1n) >= position) return true;
      const { rows } = await server.control.query(REPLICA);
      if (positionOf(rows[0]) >= position) return true;
      if (performance.now() + WAIT_STEP_MS > end) return false;
      await new Promise((resolve) => setTimeout(resolve, WAIT_STEP_MS));
    }
  }

  return {
    follow: polling.begin,
    state: standing.state,
    position: createSharedNext(async () =>
      writePosition(endOfRecords(positionOf(await ask(primary, PRIMARY)))),
    ),
    async behindMsAfter(position) {
      if (!polling.areRunning() || standing.state().status !== 'READY') return null;
      try {
        if (position !== null && !(await hasReached(position))) return null;
      } catch (error) {
        standing.lose(`It does not answer: ${messageOf(error)}`);
      }
      const { status, behindMs } = standing.state();
      return status === 'READY' ? behindMs : null;
    },
    failed(error) {
      standing.lose(`A statement failed there: ${messageOf(error)}`);
      standing.report();
    },
    stop: polling.end,
  };
}

/** Polls the replica regularly, one poll at a time, and notes the result. */
function createPolling({ primary, server }: Servers, standing: Standing, everyMs: number) {
  let timer: NodeJS.Timeout | null = null;
  let isPolling = false;

  async function poll(): Promise<void> {
    if (isPolling) return;
    isPolling = true;
    let asked = 'It';
    try {
      // The primary is asked second, so one of its replicas cannot be ahead of that answer.
      const here = await ask(server, REPLICA);
      asked = 'The primary';
      const at = performance.now();
      const there = await ask(primary, PRIMARY);
      const unfit = whyUnfit(here, there);
      if (unfit === null) standing.found(at, endOfRecords(positionOf(there)), positionOf(here));
      else standing.foundUnfit(at, unfit);
    } catch (error) {
      standing.lose(`${asked} does not answer: ${messageOf(error)}`);
    } finally {
      isPolling = false;
    }
    if (timer !== null) standing.report();
  }

  return {
    areRunning: () => timer !== null,
    begin(): void {
      if (timer !== null) return;
      timer = setInterval(() => void poll(), everyMs).unref();
      void poll();
    },
    end(): void {
      if (timer !== null) clearInterval(timer);
      timer = null;
    },
  };
}

/**
 * Callers share an answer that was requested after all of them called, so it covers everything that
 * each of them did before. Only one request runs at a time.
 */
function createSharedNext<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<Value> | null = null;
  return () => {
    next ??= running.then(() => {
      next = null;
      const asked = read();
      running = asked.catch(() => undefined);
      return asked;
    });
    return next;
  };
}

interface Answered {
  readonly position: string | null;
  readonly system: string;
  readonly recovering?: boolean;
}

type Asked = Pick<Server, 'control'>;

interface Servers {
  readonly primary: Asked;
  /** The replica. */
  readonly server: Asked;
}

const ask = async ({ control }: Asked, statement: string): Promise<Answered> =>
  defined((await control.query<Answered>(statement)).rows[0]);

/** A replica that has replayed no record yet has no position. */
const positionOf = ({ position }: Answered): Position =>
  position === null ? 0n : (readPosition(position) ?? 0n);

function whyUnfit(replica: Answered, primary: Answered): string | null {
  if (replica.system !== primary.system)
    return 'DATABASE_READ_URL leads to a server that does not stream from DATABASE_URL.';
  if (!replica.recovering)
    return 'DATABASE_READ_URL leads to a server that is not, or no longer, a replica: it accepts writes itself.';
  return positionOf(replica) <= positionOf(primary)
    ? null
    : 'It is ahead of the primary: it followed another one, and has data that a failover has lost.';
}
