import type { Store } from '../../../../src/storage/store.ts';

/** A store in which no outcome of a delivery can be recorded. */
export const failingRecords = (store: Store): Store => ({
  ...store,
  transact: (key, work) =>
    key.startsWith('alert-delivery:') ? Promise.reject(new Error('disk full')) : store.transact(key, work),
});
