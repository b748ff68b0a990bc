import { derivedId } from '../core/ids.ts';
import { isFields, requestsOf } from './activity-requests.ts';
import { toJsonText } from './column-check.ts';
import type { EventInput } from './ingest.ts';

/**
 * Gives events without an id one that follows from the request that they were sent with, so that a
 * call that is sent again stores nothing twice. The id is made of the request's id, the dataset,
 * the place among its events of that dataset, and the content as it was sent: what a later call
 * adds to the request is another event. Without a request in the call nothing tells a retry from a
 * second event, and the events keep coming without ids.
 */
export function withActivityIds(projectId: string, inputs: readonly EventInput[]): readonly EventInput[] {
  const known = requestsOf(inputs);
  const [first] = known.keys();
  if (first === undefined) return inputs;
  return inputs.map(({ dataset, events }) => {
    if (dataset.naturalKey !== undefined) return { dataset, events };
    const places = new Map<string, number>();
    const identify = (event: unknown): unknown => {
      if (!isFields(event)) return event;
      const own = event['requestId'];
      const request = typeof own === 'string' && known.has(own) ? own : first;
      const place = places.get(request) ?? 0;
      places.set(request, place + 1);
      if (event['id'] != null) return event;
      const content = toJsonText(event);
      // Too deep to be written: its check refuses it.
      if (content === undefined) return event;
      return { ...event, id: derivedId(projectId, dataset.name, JSON.stringify([request, place, content])) };
    };
    return { dataset, events: events.map(identify) };
  });
}
