import type { Span } from '../../protocol/telemetry.ts';

/** A model call that was counted. */
export interface CountedCall {
  /** That of its span. */
  readonly name: string;
  readonly traceId: string;
  /** The number of the request in which it came. */
  readonly request: number;
  /** Where its event is in that request. */
  readonly place: number;
  /** The call counted before it within the same span and request; `note` finds it. */
  sibling: CountedCall | undefined;
  /** Whether it says what was used, or that it failed: then the calls within it say nothing new. */
  readonly hasResult: boolean;
  /** Whether a call within it counts in its place. */
  isReplaced: boolean;
}

type Ids = Pick<Span, 'traceId' | 'spanId' | 'parentSpanId'>;

/**
 * Knows which spans are about one call, across requests of senders. Two libraries may describe it, one around
 * the other: a framework and the SDK of the provider. Mostly the inner span ends first, and so comes first.
 * But a wrapper may end as soon as it has the answer, before the SDK in it has closed its own span.
 */
export interface NestedCalls {
  /** The call that was counted last within the span, however deep. */
  within(projectId: string, span: Ids): CountedCall | undefined;
  /** The call that was counted around the span. */
  around(projectId: string, span: Ids): CountedCall | undefined;
  /** Notes that the call of a span was counted. */
  note(projectId: string, span: Ids, call: CountedCall): void;
  /** Notes that a span around a counted call was not counted: a third library may be around it. */
  noteOuter(projectId: string, span: Ids, call: CountedCall): void;
  /** Notes that a span within a counted call was not counted: a third library may be in it. */
  noteInner(projectId: string, span: Ids, call: CountedCall): void;
}

/** So many entries are remembered at least: those of the last seconds of a busy server. */
const REMEMBERED = 20_000;

export function createNestedCalls(): NestedCalls {
  // Two generations: when the younger one is full, the older one is forgotten.
  let young = createGeneration();
  let old = createGeneration();

  function keep(projectId: string, kind: Kind, spanId: string, call: CountedCall): void {
    if (spanId === '') return;
    young.set(projectId, kind, spanId, call);
    if (young.count() < REMEMBERED) return;
    old = young;
    young = createGeneration();
  }

  function find(projectId: string, kind: Kind, traceId: string, spanId: string): CountedCall | undefined {
    if (spanId === '') return undefined;
    const bit = bitOf(spanId);
    const known = young.get(projectId, kind, spanId, bit) ?? old.get(projectId, kind, spanId, bit);
    return known?.traceId === traceId ? known : undefined;
  }

  return {
    within: (projectId, { traceId, spanId }) => find(projectId, 'around', traceId, spanId),
    around: (projectId, { traceId, parentSpanId }) => find(projectId, 'counted', traceId, parentSpanId),
    note(projectId, { traceId, spanId, parentSpanId }, call) {
      const before = find(projectId, 'around', traceId, parentSpanId);
      if (before?.request === call.request) call.sibling = before;
      keep(projectId, 'around', parentSpanId, call);
      keep(projectId, 'counted', spanId, call);
    },
    noteOuter: (projectId, { parentSpanId }, call) => keep(projectId, 'around', parentSpanId, call),
    noteInner: (projectId, { spanId }, call) => keep(projectId, 'counted', spanId, call),
  };
}

/** What is known of a span: that a counted call is in it, or that it is one. */
type Kind = 'around' | 'counted';

/** Few bits of a filter are set, so nearly every span of which nothing is known finds one that is not. */
const FILTER_BITS = 20;

/**
 * Spans are found by their own id, which is random: to join it with that of their trace for each
 * span costs more. Most that are asked for are unknown, which a filter of bits says without a look
 * into a large map.
 */
function createGeneration() {
  const projects = new Map<string, Readonly<Record<Kind, Map<string, CountedCall>>>>();
  const filter = new Uint8Array(2 ** (FILTER_BITS - 3));
  let count = 0;
  return {
    count: () => count,
    get(projectId: string, kind: Kind, spanId: string, bit: number): CountedCall | undefined {
      if (((filter[bit >>> 3] as number) & (1 << (bit & 7))) === 0) return undefined;
      return projects.get(projectId)?.[kind].get(spanId);
    },
    set(projectId: string, kind: Kind, spanId: string, call: CountedCall): void {
      const bit = bitOf(spanId);
      filter[bit >>> 3] = (filter[bit >>> 3] as number) | (1 << (bit & 7));
      const known = projects.get(projectId) ?? { around: new Map(), counted: new Map() };
      projects.set(projectId, known);
      known[kind].set(spanId, call);
      count++;
    },
  };
}

/** The bit of a span in a filter, by the last digits of its id. */
function bitOf(spanId: string): number {
  let bit = 0;
  for (let at = Math.max(spanId.length - FILTER_BITS / 4, 0); at < spanId.length; at++) {
    const code = spanId.charCodeAt(at);
    bit = (bit << 4) | (((code & 15) + (code >>> 6) * 9) & 15);
  }
  return bit & (2 ** FILTER_BITS - 1);
}
