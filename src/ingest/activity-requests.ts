import { isObject } from '../core/is-object.ts';
import type { EventInput } from './ingest.ts';

/** The fields of an event as sent. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * The requests in a call by id, in the order of the call. If several have the same id, the first is
 * the one that is stored.
 */
export function requestsOf(inputs: readonly EventInput[]): ReadonlyMap<string, Fields> {
  const requests = new Map<string, Fields>();
  for (const { dataset, events } of inputs) {
    if (dataset.naturalKey !== 'requestId') continue;
    for (const event of events) {
      if (!isObject(event)) continue;
      const id = event['requestId'];
      if (typeof id === 'string' && id !== '' && !requests.has(id)) requests.set(id, event);
    }
  }
  return requests;
}
