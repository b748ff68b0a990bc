/** A span that has ended, in the terms of OTLP. */
export interface FinishedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty if it is the root of its trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** Epoch milliseconds with fractions. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: SpanAttributes;
  /** Why it failed; null if it did not. */
  readonly error: string | null;
}

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** As numbered by OTLP. */
export const SPAN_KIND = { INTERNAL: 1, SERVER: 2, CLIENT: 3 } as const;
export type SpanKind = (typeof SPAN_KIND)[keyof typeof SPAN_KIND];

/** A span in progress. */
export interface OpenSpan {
  /** Adds attributes, or replaces them. */
  set(attributes: SpanAttributes): void;
  rename(name: string): void;
  /** @param error why it failed; null if it did not. Later calls do nothing. */
  end(error?: string | null): void;
}
