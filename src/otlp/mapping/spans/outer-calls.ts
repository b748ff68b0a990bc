import type { Span } from '../../protocol/telemetry.ts';

/** Knows which spans contain a model call that was counted, across requests of senders. */
export interface OuterCalls {
  /** Notes a call that is counted. */
  note(projectId: string, span: Span): void;
  /** Whether a call that was counted is directly within the span. */
  contains(projectId: string, span: Span): boolean;
}

/** The parents of so many calls are remembered: those of the last seconds of a busy server. */
const REMEMBERED = 20_000;

/**
 * Two libraries may describe one call, one around the other: a framework and the SDK of the provider.
 * The inner span ends first, so it comes first, maybe in an earlier request.
 */
export function createOuterCalls(): OuterCalls {
  // Two generations: when the younger one is full, the older one is forgotten.
  let young = createParents();
  let old = createParents();
  return {
    note(projectId, { traceId, parentSpanId }) {
      if (parentSpanId === '') return;
      young.add(projectId, traceId, parentSpanId);
      if (young.count() < REMEMBERED) return;
      old = young;
      young = createParents();
    },
    contains: (projectId, { traceId, spanId }) =>
      young.has(projectId, traceId, spanId) || old.has(projectId, traceId, spanId),
  };
}

/**
 * Spans in which a call is. They are found by the text of their trace as it is: to join texts to one
 * key for each span would cost several times as much.
 */
function createParents() {
  /** By project and trace; nearly every trace has one. */
  const projects = new Map<string, Map<string, string | Set<string>>>();
  let count = 0;
  return {
    count: () => count,
    add(projectId: string, traceId: string, spanId: string): void {
      const traces = projects.get(projectId) ?? new Map<string, string | Set<string>>();
      projects.set(projectId, traces);
      const known = traces.get(traceId);
      if (known === undefined) traces.set(traceId, spanId);
      else if (typeof known !== 'string') known.add(spanId);
      else if (known !== spanId) traces.set(traceId, new Set([known, spanId]));
      count++;
    },
    has(projectId: string, traceId: string, spanId: string): boolean {
      const known = projects.get(projectId)?.get(traceId);
      return typeof known === 'object' ? known.has(spanId) : known === spanId;
    },
  };
}
