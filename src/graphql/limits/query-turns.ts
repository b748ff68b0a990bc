import { TelltaleError } from '../../core/errors.ts';

/** What identifies a query that waits for its turn. */
export interface PricedQuery {
  readonly projectId: string;
  readonly price: number;
}

/** The turn of one query. */
export interface QueryTurn {
  /**
   * Null if the query may run at once. Otherwise resolves when it may run, and rejects with the
   * reason for giving up.
   */
  readonly begun: Promise<void> | null;
  /** Removes the query from the queue. Does nothing once its turn has begun. */
  giveUp(reason: Error): void;
  /** Lets other queries run. A second call does nothing. */
  end(): void;
}

/**
 * Runs queries concurrently as far as the sum of their prices allows. Each query is within its own
 * limits; together they must fit into the memory of the process. The others wait. The queries of
 * one project run in order, within half of the total; the projects take turns.
 */
export interface QueryTurns {
  /** @throws TelltaleError OVERLOADED if too many queries wait */
  take(query: PricedQuery): QueryTurn;
  /** Makes all waiting queries give up. */
  giveUp(reason: Error): void;
}

/** Queries up to this price wait only for queries of at most the same price. */
const SMALL = 1_000;
/** How much more capacity small queries may use than others. */
const ROOM_FOR_SMALL = 1.25;
/** Each waiting query holds its document, its variables and its connection. */
const MAX_WAITING = 1_000;
const RETRY_AFTER_MS = 1_000;

interface Waiting extends PricedQuery {
  begin(): void;
  giveUp(reason: Error): void;
}

/**
 * @param perProject the sum of prices that one project may run at a time; a query above it runs
 *   alone in its project
 */
export function createQueryTurns(perProject: number): QueryTurns {
  const line = new Set<Waiting>();
  const running = new Map<string, number>();
  const lastTurns = new Map<string, number>();
  let used = 0;
  let turns = 0;

  const usedBy = (projectId: string) => running.get(projectId) ?? 0;
  const roomFor = (price: number) => (price <= SMALL ? ROOM_FOR_SMALL : 1);
  const fitsProject = ({ projectId, price }: PricedQuery) =>
    fits(usedBy(projectId), price, perProject * roomFor(price));
  const fitsAll = ({ price }: PricedQuery) => fits(used, price, 2 * perProject * roomFor(price));

  function begin({ projectId, price }: PricedQuery): void {
    used += price;
    running.set(projectId, usedBy(projectId) + price);
    lastTurns.set(projectId, ++turns);
  }

  function end({ projectId, price }: PricedQuery): void {
    used -= price;
    const left = usedBy(projectId) - price;
    if (left > 0) running.set(projectId, left);
    else running.delete(projectId);
    serve();
    // Nothing waits or runs, so the order of the projects no longer matters.
    if (running.size === 0) lastTurns.clear();
  }

  function serve(): void {
    for (let next = choose(); next !== null; next = choose()) {
      line.delete(next);
      begin(next);
      next.begin();
    }
  }

  /**
   * The first query of the project whose last turn is longest ago. If there is no capacity for it,
   * the queries behind it wait too.
   */
  function choose(): Waiting | null {
    let chosen: Waiting | null = null;
    const seen = new Set<string>();
    for (const waiting of line) {
      if (waiting.price <= SMALL && fitsProject(waiting) && fitsAll(waiting)) return waiting;
      if (seen.has(waiting.projectId)) continue;
      seen.add(waiting.projectId);
      if (!fitsProject(waiting)) continue;
      if (chosen === null || lastTurnOf(waiting) < lastTurnOf(chosen)) chosen = waiting;
    }
    return chosen !== null && fitsAll(chosen) ? chosen : null;
  }

  const lastTurnOf = ({ projectId }: PricedQuery): number => lastTurns.get(projectId) ?? 0;

  function enter(query: PricedQuery): Pick<QueryTurn, 'begun' | 'giveUp'> {
    let giveUp: QueryTurn['giveUp'] = () => {};
    const begun = new Promise<void>((resolve, reject) => {
      giveUp = (reason) => {
        if (!line.delete(waiting)) return;
        reject(reason);
        serve();
      };
      const waiting: Waiting = { ...query, begin: resolve, giveUp };
      line.add(waiting);
    });
    // Another project may have capacity.
    serve();
    return { begun, giveUp };
  }

  return {
    take(query) {
      const isFree = query.price <= SMALL || line.size === 0;
      if (isFree && fitsProject(query) && fitsAll(query)) {
        begin(query);
        return { begun: null, giveUp() {}, end: once(() => end(query)) };
      }
      if (line.size >= MAX_WAITING)
        throw tooManyWait('Too many queries are waiting for their turn (MAX_RUNNING_COST).');
      return { ...enter(query), end: once(() => end(query)) };
    },
    giveUp(reason) {
      for (const waiting of [...line]) waiting.giveUp(reason);
    },
  };
}

/** A query runs alone if it does not fit beside any other. */
const fits = (used: number, price: number, room: number): boolean => used === 0 || used + price <= room;

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}

/** The server has more work than it may do at a time. */
export const tooManyWait = (why: string): TelltaleError =>
  new TelltaleError('OVERLOADED', `${why} Try again in a moment, or ask for less.`, {
    retryAfterMs: RETRY_AFTER_MS,
  });
