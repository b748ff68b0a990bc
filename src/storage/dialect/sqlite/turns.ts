import { StorageUnavailable } from '../../errors.ts';

/** The exclusive use of a resource, until `end`. */
export interface Turn<Resource> {
  readonly resource: Resource;
  /** Gives the resource to the next in line. A second call does nothing. */
  end(): void;
}

/** Assigns resources, first come, first served. */
export interface Turns<Resource> {
  /**
   * @throws StorageUnavailable after `close`.
   * @throws the reason of the signal if it aborts before the turn.
   */
  take(signal?: AbortSignal | null): Promise<Turn<Resource>>;
  /**
   * Takes all resources when the earlier turns have ended, runs the work, and returns the
   * resources.
   */
  takeAll(work: () => Promise<void>): Promise<void>;
  /** Rejects new turns, and resolves when the earlier ones have ended. */
  close(): Promise<void>;
}

export function createTurns<Resource>(resources: readonly Resource[]): Turns<Resource> {
  const free = [...resources];
  const line = new Set<(turn: Turn<Resource>) => void>();
  let closed: Promise<unknown> | null = null;

  function makeTurn(resource: Resource): Turn<Resource> {
    let ended = false;
    return {
      resource,
      end() {
        if (ended) return;
        ended = true;
        const [next] = line;
        if (next === undefined) free.push(resource);
        else {
          line.delete(next);
          next(makeTurn(resource));
        }
      },
    };
  }

  function enter(signal: AbortSignal | null = null): Promise<Turn<Resource>> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const resource = free.pop();
    if (resource !== undefined) return Promise.resolve(makeTurn(resource));
    return new Promise((resolve, reject) => {
      const leave = () => {
        line.delete(next);
        reject(signal?.reason);
      };
      const next = (turn: Turn<Resource>) => {
        signal?.removeEventListener('abort', leave);
        resolve(turn);
      };
      line.add(next);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  const enterAll = () => Promise.all(resources.map(() => enter()));

  return {
    take: (signal) =>
      closed === null ? enter(signal) : Promise.reject(new StorageUnavailable('The store is closed.')),
    async takeAll(work) {
      if (closed !== null) return;
      const turns = await enterAll();
      try {
        await work();
      } finally {
        for (const turn of turns) turn.end();
      }
    },
    async close() {
      closed ??= enterAll();
      await closed;
    },
  };
}
