import { StorageUnavailable } from './errors.ts';
import type { Store } from './store.ts';

/**
 * A failure that nobody tried to repeat says nothing about now: a server that gets no more requests
 * must come back.
 */
const REMEMBERED_MS = 60_000;

export interface WatchedStore {
  readonly store: Store;
  /**
   * What cannot be done now, or not everywhere, because the database is in trouble: recording
   * events, changing states.
   */
  failedWrites(): ReadonlyMap<'append' | 'transact', StorageUnavailable>;
}

/**
 * A store whose writes are watched. A success forgets the failure before it, unless that met a
 * damaged page: others are well.
 */
export function watchWrites(store: Store, now: () => number): WatchedStore {
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
      // A lock that others hold for long is no fault of the database.
      if (error instanceof StorageUnavailable && error.trouble !== 'BUSY')
        failures.set(kind, { error, at: now() });
      throw error;
    }
  }

  return {
    store: {
      ...store,
      append: (groups) => watched('append', store.append(groups)),
      transact: (key, work) => watched('transact', store.transact(key, work)),
    },
    failedWrites() {
      const recent = [...failures].filter(([, { at }]) => now() - at < REMEMBERED_MS);
      return new Map(recent.map(([kind, { error }]) => [kind, error]));
    },
  };
}
