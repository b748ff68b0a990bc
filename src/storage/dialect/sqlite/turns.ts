import { StorageUnavailable } from '../../errors.ts';

/** A resource that its holder alone uses until it gives it back. */
export interface Turn<Resource> {
  readonly resource: Resource;
  /** Gives the resource to the next in line. Does nothing the second time. */
  end(): void;
}

/** Hands out resources, first come, first served. */
export interface Turns<Resource> {
  /** @throws StorageUnavailable after `close`. */
  take(): Promise<Turn<Resource>>;
  /**
   * Takes every resource, once all who came before are done; gives them back when the work is done.
   */
  takeAll(work: () => Promise<void>): Promise<void>;
  /** Lets in no one else and resolves when all who came before are done. */
  close(): Promise<void>;
}

export function createTurns<Resource>(resources: readonly Resource[]): Turns<Resource> {
  const free = [...resources];
  const line: ((turn: Turn<Resource>) => void)[] = [];
  let closed: Promise<unknown> | null = null;

  function makeTurn(resource: Resource): Turn<Resource> {
    let ended = false;
    return {
      resource,
      end() {
        if (ended) return;
        ended = true;
        const next = line.shift();
        if (next === undefined) free.push(resource);
        else next(makeTurn(resource));
      },
    };
  }

  function enter(): Promise<Turn<Resource>> {
    const resource = free.pop();
    if (resource !== undefined) return Promise.resolve(makeTurn(resource));
    return new Promise((resolve) => {
      line.push(resolve);
    });
  }

  const enterAll = () => Promise.all(resources.map(enter));

  return {
    take: () => (closed === null ? enter() : Promise.reject(new StorageUnavailable('The store is closed.'))),
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
