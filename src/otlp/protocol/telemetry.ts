/**
 * The data that senders send, in the shape of OTLP/JSON: both encodings are read into it. Times are
 * epoch milliseconds with fractions; 0 if the sender does not know the time.
 * https://github.com/open-telemetry/opentelemetry-proto
 */

/** The three kinds of telemetry. Each has its own path. */
export type Signal = 'TRACES' | 'LOGS' | 'METRICS';

export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [name: string]: AttributeValue };

/** Values by name. A `Map` satisfies it, too. */
export interface Attributes {
  get(name: string): AttributeValue | undefined;
  has(name: string): boolean;
  [Symbol.iterator](): Iterator<[name: string, value: AttributeValue]>;
  forEach(visit: (value: AttributeValue, name: string) => void): void;
}

export interface Span {
  /** Hexadecimal digits. */
  readonly traceId: string;
  readonly spanId: string;
  /** Empty if the span is the root of its trace. */
  readonly parentSpanId: string;
  readonly name: string;
  /** A number of `SPAN_KINDS`. */
  readonly kind: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  /** Only events named `EXCEPTION`: nothing uses the others. */
  readonly events: readonly SpanEvent[];
  /** 2 means failure. */
  readonly statusCode: number;
  readonly statusMessage: string;
}

export const SPAN_KINDS = { SERVER: 2 } as const;
export const STATUS_ERROR = 2;

/** The name of the span event, and of the log record, that describes an exception. */
export const EXCEPTION = 'exception';

export interface SpanEvent {
  readonly name: string;
  readonly timeMs: number;
  readonly attributes: Attributes;
}

export interface LogRecord {
  readonly timeMs: number;
  readonly observedMs: number;
  /**
   * Set by newer senders; older ones use the attribute `event.name`. Empty if this is not an event.
   */
  readonly eventName: string;
  readonly body: AttributeValue;
  readonly severity: number;
  readonly attributes: Attributes;
  readonly traceId: string;
  readonly spanId: string;
}

/** A number of a metric. Histograms, summaries and gauges have no value here: nothing uses them. */
export interface DataPoint {
  readonly metric: string;
  /** 1: the change since the last point; 2: the total since `startMs`; 0: not a sum. */
  readonly temporality: number;
  readonly value: number;
  readonly startMs: number;
  readonly timeMs: number;
  readonly attributes: Attributes;
}

/** Cumulative temporality; delta temporality is 1. */
export const CUMULATIVE = 2;

/** Items of one sender and one library. */
export interface Batch<Item> {
  readonly resource: Attributes;
  /** The name of the instrumentation library; empty if it has none. */
  readonly scope: string;
  readonly items: readonly Item[];
}

/** The items of a request, by signal. */
export interface Telemetry {
  readonly TRACES: Span;
  readonly LOGS: LogRecord;
  readonly METRICS: DataPoint;
}

/** How many items to read and map in one turn of the event loop: about a millisecond. */
export const ITEMS_PER_PORTION = 250;
