import { StorageUnavailable } from '../errors.ts';
import { type ReadScope, UNLIMITED } from '../reading.ts';

/** The exclusive use of a resource, until `end`. */
export interface Turn<Resource> {
  readonly resource: Resource;
  /** Passes the resource to the next in line. A second call does nothing. */
  end(): void;
}

/**
 * Assigns resources, first come, first served. Long turns leave some resources to the short ones,
 * and the projects that wait for long turns get them in rotation.
 */
export interface Turns<Resource> {
  /**
   * @throws StorageUnavailable after `close`.
   * @throws the reason of the signal if it aborts before the turn.
   */
  take(scope?: ReadScope): Promise<Turn<Resource>>;
  /**
   * Takes all resources when the earlier turns have ended, runs the work, and returns the
   * resources.
   */
  takeAll(work: () => Promise<void>): Promise<void>;
  /** How many resources are in use, and how many callers wait for one. */
  load(): { readonly busy: number; readonly waiting: number };
  /** Rejects new turns, and resolves when the earlier ones have ended. */
  close(): Promise<void>;
}

/** How many turns may be long at the same time. */
export interface LongTurns {
  readonly atMost: number;
  readonly perProject: number;
}

/**
 * Leaves `reserved` resources to short turns if there are enough, and at least one to long turns.
 */
export function longTurnsOf(resources: number, reserved: number): LongTurns {
  const atMost = Math.max(1, resources - reserved);
  return { atMost, perProject: Math.ceil(atMost / 2) };
}

interface Waiting<Resource> {
  readonly scope: ReadScope;
  give(turn: Turn<Resource>): void;
}

export function createTurns<Resource>(
  resources: readonly Resource[],
  longTurns: LongTurns = longTurnsOf(resources.length, 0),
): Turns<Resource> {
  const free = [...resources];
  const line = new Set<Waiting<Resource>>();
  const projects = createRotation(longTurns);
  let closed: Promise<unknown> | null = null;

  function makeTurn(resource: Resource, scope: ReadScope): Turn<Resource> {
    let ended = false;
    projects.begin(scope);
    const endRead = scope.meter?.holding?.beginRead();
    return {
      resource,
      end() {
        if (ended) return;
        ended = true;
        projects.end(scope);
        endRead?.();
        free.push(resource);
        serve();
      },
    };
  }

  function serve(): void {
    while (free.length > 0) {
      const next = projects.choose(line, serve);
      if (next === null) return;
      line.delete(next);
      next.give(makeTurn(free.pop() as Resource, next.scope));
    }
  }

  function enter(scope: ReadScope): Promise<Turn<Resource>> {
    const { signal } = scope;
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const leave = () => {
        line.delete(waiting);
        reject(signal?.reason);
      };
      const waiting: Waiting<Resource> = {
        scope,
        give(turn) {
          signal?.removeEventListener('abort', leave);
          resolve(turn);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      line.add(waiting);
      serve();
    });
  }

  const enterAll = () => Promise.all(resources.map(() => enter(UNLIMITED)));

  return {
    take: (scope = UNLIMITED) =>
      closed === null ? enter(scope) : Promise.reject(new StorageUnavailable('The store is closed.')),
    async takeAll(work) {
      if (closed !== null) return;
      const turns = await enterAll();
      try {
        await work();
      } finally {
        for (const turn of turns) turn.end();
      }
    },
    load: () => ({ busy: resources.length - free.length, waiting: line.size }),
    async close() {
      closed ??= enterAll();
      await closed;
    },
  };
}

/**
 * Decides who is next: the first in line, except that long turns go to the project that was served
 * least lately.
 */
function createRotation({ atMost, perProject }: LongTurns) {
  const running = new Map<string | null, number>();
  const served = new Map<string | null, number>();
  let long = 0;
  let turns = 0;

  const mayBegin = ({ kind, projectId }: ReadScope): boolean =>
    kind !== 'LONG' || (long < atMost && (running.get(projectId) ?? 0) < perProject);

  function begin({ kind, projectId }: ReadScope): void {
    if (kind !== 'LONG') return;
    long++;
    running.set(projectId, (running.get(projectId) ?? 0) + 1);
    served.set(projectId, ++turns);
  }

  function end({ kind, projectId }: ReadScope): void {
    if (kind !== 'LONG') return;
    long--;
    running.set(projectId, (running.get(projectId) ?? 1) - 1);
    // Nobody waits or runs, so all projects are equal again.
    if (long === 0) running.clear();
  }

  /**
   * @param again is called when there may be room for what was left out because too much is held in
   * memory
   */
  function choose<Resource>(line: Iterable<Waiting<Resource>>, again: () => void): Waiting<Resource> | null {
    let chosen: Waiting<Resource> | null = null;
    for (const waiting of line) {
      if (!mayBegin(waiting.scope) || !hasRoom(waiting.scope, again)) continue;
      if (chosen === null) chosen = waiting;
      // A short turn that came first is next.
      if (chosen.scope.kind !== 'LONG') return chosen;
      if (waiting.scope.kind !== 'LONG') continue;
      if (lastTurn(waiting.scope) < lastTurn(chosen.scope)) chosen = waiting;
    }
    return chosen;
  }

  const hasRoom = ({ meter }: ReadScope, again: () => void) => meter?.holding?.mayRead(again) ?? true;
  const lastTurn = ({ projectId }: ReadScope): number => served.get(projectId) ?? 0;

  return { begin, end, choose };
}
