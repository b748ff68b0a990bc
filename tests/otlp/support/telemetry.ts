/** OTLP/JSON in the form that senders write. */
export type Value = string | number | boolean | readonly Value[];
export type Fields = Readonly<Record<string, Value>>;

/** A request from one sender. */
export interface Payload {
  readonly traces?: object;
  readonly logs?: object;
  readonly metrics?: object;
}

/**
 * Times of a payload are milliseconds after this: the beginning of the previous minute, so that no
 * clock rejects them, and because an agent's state is recorded once a minute.
 */
export const START = (Math.floor(Date.now() / 60_000) - 1) * 60_000;
/** The form in which `timestamp` shows such a time. */
export const shown = (ms: number): string => new Date(START + ms).toISOString();

const nanoseconds = (ms: number): string => `${START + ms}000000`;

export const attributes = (fields: Fields) =>
  Object.entries(fields).map(([key, value]) => ({ key, value: anyValue(value) }));

function anyValue(value: Value): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value !== 'number') return { arrayValue: { values: value.map(anyValue) } };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

export interface GivenSpan {
  readonly name: string;
  /** The last digits of its id, and of that of its parent; a span without a parent is a root. */
  readonly id: number;
  readonly parent?: number;
  readonly trace?: number;
  readonly kind?: number;
  /** From and to, in milliseconds after `START`. */
  readonly at: readonly [number, number];
  readonly attributes?: Fields;
  readonly error?: string;
  readonly exceptions?: readonly Fields[];
}

export const traceId = (trace = 1): string => trace.toString(16).padStart(32, 'a');
export const spanId = (id: number): string => id.toString(16).padStart(16, 'b');

const span = ({ name, id, parent, trace, kind = 1, at: [from, to], error, ...given }: GivenSpan) => ({
  traceId: traceId(trace),
  spanId: spanId(id),
  ...(parent !== undefined && { parentSpanId: spanId(parent) }),
  name,
  kind,
  startTimeUnixNano: nanoseconds(from),
  endTimeUnixNano: nanoseconds(to),
  attributes: attributes(given.attributes ?? {}),
  status: error === undefined ? {} : { code: 2, message: error },
  events: (given.exceptions ?? []).map((fields) => ({
    name: 'exception',
    timeUnixNano: nanoseconds(to),
    attributes: attributes(fields),
  })),
});

export const traces = (resource: Fields, scope: string, spans: readonly GivenSpan[]) => ({
  resourceSpans: [
    {
      resource: { attributes: attributes(resource) },
      scopeSpans: [{ scope: { name: scope }, spans: spans.map(span) }],
    },
  ],
});

export interface GivenRecord {
  readonly at: number;
  readonly body?: string;
  readonly attributes: Fields;
}

export const logs = (resource: Fields, scope: string, records: readonly GivenRecord[]) => ({
  resourceLogs: [
    {
      resource: { attributes: attributes(resource) },
      scopeLogs: [
        {
          scope: { name: scope },
          logRecords: records.map(({ at, body, attributes: fields }) => ({
            timeUnixNano: nanoseconds(at),
            observedTimeUnixNano: nanoseconds(at),
            severityNumber: 9,
            ...(body !== undefined && { body: { stringValue: body } }),
            attributes: attributes(fields),
          })),
        },
      ],
    },
  ],
});

export interface GivenPoint {
  readonly metric: string;
  readonly value: number;
  readonly attributes?: Fields;
  /** 1: delta, 2: cumulative. */
  readonly temporality?: number;
}

export const metrics = (resource: Fields, scope: string, points: readonly GivenPoint[]) => ({
  resourceMetrics: [
    {
      resource: { attributes: attributes(resource) },
      scopeMetrics: [
        {
          scope: { name: scope },
          metrics: points.map(({ metric, value, temporality = 1, attributes: fields = {} }) => ({
            name: metric,
            sum: {
              aggregationTemporality: temporality,
              isMonotonic: true,
              dataPoints: [
                {
                  startTimeUnixNano: nanoseconds(0),
                  timeUnixNano: nanoseconds(30_000),
                  asDouble: value,
                  attributes: attributes(fields),
                },
              ],
            },
          })),
        },
      ],
    },
  ],
});
