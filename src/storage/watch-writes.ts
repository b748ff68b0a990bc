import { type StorageTrouble, StorageUnavailable } from './errors.ts';
import type { Store } from './store.ts';

/**
 * Such a failure predicts nothing about the next write: others hold a lock for long, or nobody can
 * reach the database.
 */
const OF_THE_MOMENT: ReadonlySet<StorageTrouble> = new Set(['BUSY', 'AWAY']);
/**
 * How long a failure is remembered. A server that receives no more writes must count as healthy
 * again.
 */
const REMEMBERED_MS = 60_000;

export interface WatchedStore {
  readonly store: Store;
  /**
   * The kinds of writes that fail, at least for some data, because the database is in trouble:
   * `append` (events) and `transact` (states). A database that is away does not count: whoever asks
   * it notices that, and notices when it is back. If it counted, a load balancer would keep back
   * writes that could succeed.
   */
  failedWrites(): ReadonlyMap<'append' | 'transact', StorageUnavailable>;
}

export interface WatchOptions {
  /** A monotonic clock, in milliseconds. */
  readonly now: () => number;
  /** Called after each transaction that stored events, or failed to. Default: none. */
  readonly committed?: (seconds: number, isStored: boolean) => void;
}

/**
 * Watches the writes of a store. A success clears the earlier failure, unless that was a damaged
 * page: a write to another page proves nothing about it.
 */
export function watchWrites(store: Store, { now, committed }: WatchOptions): WatchedStore {
  const failures = new Map<
    'append' | 'transact',
    { readonly error: StorageUnavailable; readonly at: number }
  >();

  async function watched<Value>(kind: 'append' | 'transact', work: Promise<Value>): Promise<Value> {
    try {
      const value = await work;
      if (failures.get(kind)?.error.trouble !== 'DAMAGED') failures.delete(kind);
      return value;
    } catch (error) {
      if (error instanceof StorageUnavailable && !OF_THE_MOMENT.has(error.trouble))
        failures.set(kind, { error, at: now() });
      throw error;
    }
  }

  async function timed<Value>(work: Promise<Value>): Promise<Value> {
    const started = now();
    let isStored = false;
    try {
      const value = await work;
      isStored = true;
      return value;
    } finally {
      committed?.((now() - started) / 1000, isStored);
    }
  }

  return {
    store: {
      ...store,
      append: (groups) => watched('append', timed(store.append(groups))),
      transact: (key, work) => watched('transact', store.transact(key, work)),
    },
    failedWrites() {
      const recent = [...failures].filter(([, { at }]) => now() - at < REMEMBERED_MS);
      return new Map(recent.map(([kind, { error }]) => [kind, error]));
    },
  };
}
