import type { EntityTable } from '../core/dataset/table.ts';
import type { Store } from '../storage/store.ts';

/**
 * Reads rows. Events are read at a replica, if one may answer; states, which mutations change, at
 * the primary.
 */
export const atReplica = <Value>(
  store: Pick<Store, 'readEvents'>,
  { kind }: Pick<EntityTable, 'kind'>,
  read: () => Promise<Value>,
): Promise<Value> => (kind === 'event' ? store.readEvents(read) : read());
