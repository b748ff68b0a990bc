import { messageOf } from '../core/thrown.ts';
import { SPAN_KIND } from './spans.ts';
import type { Tracer } from './tracer.ts';

/** Makes the storing of events a part of the active span: from the queue to the commit. */
export function traceStoring<Value>(
  tracer: Tracer,
  events: number,
  store: () => Promise<Value>,
): Promise<Value> {
  const span = { name: 'commit', kind: SPAN_KIND.INTERNAL, attributes: { 'telltale.events': events } };
  return tracer.span(span, async ({ end }) => {
    try {
      const value = await store();
      end();
      return value;
    } catch (error) {
      end(messageOf(error));
      throw error;
    }
  });
}
