import { derivedId } from '../core/ids.ts';
import { isObject } from '../core/is-object.ts';
import { requestsOf } from './activity-requests.ts';
import type { EventInput } from './ingest.ts';
import { toJsonText } from './problem.ts';

/**
 * Gives events without an id one that is derived from their request, so that a repeated call stores
 * nothing twice. The id is derived from the request's id, the dataset, the event's position among
 * the events of that request and dataset, and its content as sent, so that what a later call adds
 * to the request is another event. Events of a call without a request get no such ids, because
 * nothing distinguishes a retry from a second event.
 */
export function withActivityIds(projectId: string, inputs: readonly EventInput[]): readonly EventInput[] {
  const known = requestsOf(inputs);
  const [first] = known.keys();
  if (first === undefined) return inputs;
  return inputs.map(({ dataset, events }) => {
    if (dataset.naturalKey !== undefined) return { dataset, events };
    const positions = new Map<string, number>();
    const identify = (event: unknown): unknown => {
      if (!isObject(event)) return event;
      const own = event['requestId'];
      const request = typeof own === 'string' && known.has(own) ? own : first;
      const position = positions.get(request) ?? 0;
      positions.set(request, position + 1);
      if (event['id'] != null) return event;
      const content = toJsonText(event);
      // Nested too deeply for JSON: its check rejects it.
      if (content === undefined) return event;
      return {
        ...event,
        id: derivedId(projectId, dataset.name, JSON.stringify([request, position, content])),
      };
    };
    return { dataset, events: events.map(identify) };
  });
}
