import { isObject } from '../../core/is-object.ts';
import { MOST_LEVELS } from './decode-values.ts';
import {
  type Attributes,
  type AttributeValue,
  type Batch,
  type DataPoint,
  ITEMS_PER_PORTION,
  type LogRecord,
  type Signal,
  type Span,
  type SpanEvent,
  type Telemetry,
} from './telemetry.ts';

/** The names of OTLP/JSON for the three lists of a request. */
const NAMES: Readonly<
  Record<Signal, { readonly ofResources: string; readonly ofScopes: string; readonly items: string }>
> = {
  TRACES: { ofResources: 'resourceSpans', ofScopes: 'scopeSpans', items: 'spans' },
  LOGS: { ofResources: 'resourceLogs', ofScopes: 'scopeLogs', items: 'logRecords' },
  METRICS: { ofResources: 'resourceMetrics', ofScopes: 'scopeMetrics', items: 'metrics' },
};

const READERS: { readonly [One in Signal]: (item: Json) => readonly Telemetry[One][] } = {
  TRACES: (item) => [readSpan(item)],
  LOGS: (item) => [readLogRecord(item)],
  METRICS: readMetric,
};

type Json = Readonly<Record<string, unknown>>;

const NANOSECONDS = 1e6;

/**
 * The items of a parsed request of OTLP/JSON, in portions. Unknown fields are ignored.
 *
 * @throws TypeError for a value of another type than its field
 */
export function* readJsonRequest<One extends Signal>(
  signal: One,
  request: unknown,
): Generator<Batch<Telemetry[One]>, void> {
  const { ofResources, ofScopes, items } = NAMES[signal];
  for (const ofResource of listIn(objectIn(request, 'the request'), ofResources)) {
    const resource = readAttributes(memberIn(ofResource, 'resource'));
    for (const ofScope of listIn(ofResource, ofScopes)) {
      const scope = textIn(memberIn(ofScope, 'scope'), 'name');
      const given = listIn(ofScope, items);
      for (let first = 0; first < given.length; first += ITEMS_PER_PORTION) {
        const portion = given.slice(first, first + ITEMS_PER_PORTION).flatMap(READERS[signal]);
        if (portion.length > 0) yield { resource, scope, items: portion };
      }
    }
  }
}

function readSpan(span: Json): Span {
  const status = memberIn(span, 'status');
  return {
    traceId: textIn(span, 'traceId').toLowerCase(),
    spanId: textIn(span, 'spanId').toLowerCase(),
    parentSpanId: textIn(span, 'parentSpanId').toLowerCase(),
    name: textIn(span, 'name'),
    kind: numberIn(span, 'kind'),
    startMs: timeIn(span, 'startTimeUnixNano'),
    endMs: timeIn(span, 'endTimeUnixNano'),
    attributes: readAttributes(span),
    events: listIn(span, 'events').map(readEvent),
    statusCode: numberIn(status, 'code'),
    statusMessage: textIn(status, 'message'),
  };
}

const readEvent = (event: Json): SpanEvent => ({
  name: textIn(event, 'name'),
  timeMs: timeIn(event, 'timeUnixNano'),
  attributes: readAttributes(event),
});

const readLogRecord = (record: Json): LogRecord => ({
  timeMs: timeIn(record, 'timeUnixNano'),
  observedMs: timeIn(record, 'observedTimeUnixNano'),
  severity: numberIn(record, 'severityNumber'),
  body: readValue(record['body'], MOST_LEVELS),
  attributes: readAttributes(record),
  traceId: textIn(record, 'traceId').toLowerCase(),
  spanId: textIn(record, 'spanId').toLowerCase(),
  eventName: textIn(record, 'eventName'),
});

/** Sums have values; the points of all other kinds are only counted. */
const KINDS = ['sum', 'gauge', 'histogram', 'exponentialHistogram', 'summary'] as const;

function readMetric(metric: Json): DataPoint[] {
  const name = textIn(metric, 'name');
  return KINDS.flatMap((kind) => {
    const data = memberIn(metric, kind);
    const temporality = kind === 'sum' ? numberIn(data, 'aggregationTemporality') : 0;
    return listIn(data, 'dataPoints').map((point) => ({
      metric: name,
      temporality,
      value: kind === 'sum' ? numberIn(point, point['asInt'] == null ? 'asDouble' : 'asInt') : 0,
      startMs: timeIn(point, 'startTimeUnixNano'),
      timeMs: timeIn(point, 'timeUnixNano'),
      attributes: readAttributes(point),
    }));
  });
}

function readAttributes(holder: Json): Attributes {
  return new Map(
    listIn(holder, 'attributes').map((attribute) => [
      textIn(attribute, 'key'),
      readValue(attribute['value'], MOST_LEVELS),
    ]),
  );
}

/** Reads an `AnyValue`: an object with one member, which is named after its type. */
function readValue(given: unknown, levels: number): AttributeValue {
  if (given == null) return null;
  if (levels === 0) throw new TypeError(`A value has more than ${MOST_LEVELS} levels of lists and maps`);
  const value = objectIn(given, 'a value');
  const { stringValue, boolValue, intValue, doubleValue, bytesValue } = value;
  if (typeof stringValue === 'string') return stringValue;
  if (typeof boolValue === 'boolean') return boolValue;
  if (intValue != null) return numberIn(value, 'intValue');
  if (doubleValue != null) return numberIn(value, 'doubleValue');
  if (typeof bytesValue === 'string') return bytesValue;
  if (value['arrayValue'] != null)
    return listIn(memberIn(value, 'arrayValue'), 'values').map((one) => readValue(one, levels - 1));
  if (value['kvlistValue'] == null) return null;
  const members = listIn(memberIn(value, 'kvlistValue'), 'values');
  return Object.fromEntries(members.map((one) => [textIn(one, 'key'), readValue(one['value'], levels - 1)]));
}

function objectIn(value: unknown, what: string): Json {
  if (isObject(value)) return value;
  throw new TypeError(`${what} must be an object`);
}

const EMPTY: Json = {};

const memberIn = (holder: Json, name: string): Json => {
  const value = holder[name];
  return value == null ? EMPTY : objectIn(value, name);
};

function listIn(holder: Json, name: string): readonly Json[] {
  const value = holder[name];
  if (value == null) return [];
  if (!Array.isArray(value)) throw new TypeError(`${name} must be a list`);
  return value.map((one) => objectIn(one, `an item of ${name}`));
}

function textIn(holder: Json, name: string): string {
  const value = holder[name] ?? '';
  if (typeof value === 'string') return value;
  throw new TypeError(`${name} must be text`);
}

/** A number, or its text: senders write integers of 64 bits so. */
function numberIn(holder: Json, name: string): number {
  const value = holder[name] ?? 0;
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number === 'number' && !Number.isNaN(number)) return number;
  throw new TypeError(`${name} must be a number`);
}

const timeIn = (holder: Json, name: string): number => numberIn(holder, name) / NANOSECONDS;
