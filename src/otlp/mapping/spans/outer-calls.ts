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
  let young = new Set<string>();
  let old = new Set<string>();
  return {
    note(projectId, { traceId, parentSpanId }) {
      if (parentSpanId === '') return;
      young.add(`${projectId} ${traceId} ${parentSpanId}`);
      if (young.size < REMEMBERED) return;
      old = young;
      young = new Set();
    },
    contains(projectId, { traceId, spanId }) {
      const key = `${projectId} ${traceId} ${spanId}`;
      return young.has(key) || old.has(key);
    },
  };
}
