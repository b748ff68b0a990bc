import type { Dataset } from '../../../client/src/events.ts';
import { createTelltale } from '../../../client/src/node.ts';

type Event = Readonly<Record<string, unknown>>;

/** A client that sends nothing, and the events that it would send. */
export function createRecorder() {
  const events: { readonly dataset: Dataset; readonly event: Event }[] = [];
  const telltale = createTelltale({
    url: 'http://127.0.0.1:1',
    mask(event, dataset) {
      events.push({ dataset, event });
      return null;
    },
  });
  const eventsOf = (dataset: Dataset) =>
    events.filter((one) => one.dataset === dataset).map(({ event }) => event);
  return {
    telltale,
    eventsOf,
    /** The only model call since the last one that was taken. */
    takeCall(): Event {
      const calls = eventsOf('llmCalls');
      events.length = 0;
      if (calls[0] === undefined || calls.length > 1) throw new Error(`${calls.length} calls were recorded.`);
      return calls[0];
    },
  };
}
