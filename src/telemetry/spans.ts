/** A span that has ended, in the terms of OTLP. */
export interface FinishedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: it is the root of its trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** Epoch milliseconds with fractions. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: SpanAttributes;
  /** Why it failed; null: it did not fail. */
  readonly error: string | null;
}

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** The kinds of spans, by OTLP's numbers. */
export const SPAN_KIND = { INTERNAL: 1, SERVER: 2, CLIENT: 3 } as const;
export type SpanKind = (typeof SPAN_KIND)[keyof typeof SPAN_KIND];

/** A span that has not ended yet. */
export interface OpenSpan {
  /** Adds attributes, or replaces them. */
  set(attributes: SpanAttributes): void;
  rename(name: string): void;
  /** @param error why it failed; null: it did not fail. Later calls do nothing. */
  end(error?: string | null): void;
}
