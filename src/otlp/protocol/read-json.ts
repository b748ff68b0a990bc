import { isObject } from '../../core/is-object.ts';
import { AttributeList } from './attribute-list.ts';
import { MAX_LEVELS } from './decode-values.ts';
import { createEntryCount, type EntryCount } from './entry-count.ts';
import {
  type Attributes,
  type AttributeValue,
  type Batch,
  type DataPoint,
  EXCEPTION,
  ITEMS_PER_PORTION,
  type LogRecord,
  type Signal,
  type Span,
  type SpanEvent,
  type Telemetry,
} from './telemetry.ts';

/** The OTLP/JSON names of the three lists of a request. */
const NAMES: Readonly<
  Record<Signal, { readonly ofResources: string; readonly ofScopes: string; readonly items: string }>
> = {
  TRACES: { ofResources: 'resourceSpans', ofScopes: 'scopeSpans', items: 'spans' },
  LOGS: { ofResources: 'resourceLogs', ofScopes: 'scopeLogs', items: 'logRecords' },
  METRICS: { ofResources: 'resourceMetrics', ofScopes: 'scopeMetrics', items: 'metrics' },
};

type Json = Readonly<Record<string, unknown>>;

/** Reads an item, or several if it contains several, and counts the entries of its lists. */
type ReadItem<Item> = (item: Json, entries: EntryCount) => Iterable<Item>;

const READERS: { readonly [One in Signal]: ReadItem<Telemetry[One]> } = {
  TRACES: (item, entries) => [readSpan(item, entries)],
  LOGS: (item, entries) => [readLogRecord(item, entries)],
  METRICS: readMetric,
};

const NANOSECONDS = 1e6;
const LARGEST_INT64 = 2 ** 63;

/**
 * The items of a parsed OTLP/JSON request, in chunks. Unknown fields are ignored.
 *
 * @throws TypeError for a value that does not have the type of its field
 * @throws InvalidArgument for too many entries
 */
export function* readJsonRequest<One extends Signal>(
  signal: One,
  request: unknown,
): Generator<Batch<Telemetry[One]>, void> {
  const { ofResources, ofScopes, items } = NAMES[signal];
  const read: ReadItem<Telemetry[One]> = READERS[signal];
  const entries = createEntryCount();
  for (const ofResource of listIn(objectIn(request, 'the request'), ofResources, entries)) {
    const resource = readAttributes(memberIn(ofResource, 'resource'), entries);
    for (const ofScope of listIn(ofResource, ofScopes, entries)) {
      const scope = textIn(memberIn(ofScope, 'scope'), 'name');
      let portion: Telemetry[One][] = [];
      for (const given of listIn(ofScope, items, entries)) {
        for (const item of read(given, entries)) {
          portion.push(item);
          if (portion.length < ITEMS_PER_PORTION) continue;
          yield { resource, scope, items: portion };
          portion = [];
        }
      }
      if (portion.length > 0) yield { resource, scope, items: portion };
    }
  }
}

function readSpan(span: Json, entries: EntryCount): Span {
  const status = memberIn(span, 'status');
  return {
    traceId: textIn(span, 'traceId').toLowerCase(),
    spanId: textIn(span, 'spanId').toLowerCase(),
    parentSpanId: textIn(span, 'parentSpanId').toLowerCase(),
    name: textIn(span, 'name'),
    kind: numberIn(span, 'kind'),
    startMs: timeIn(span, 'startTimeUnixNano'),
    endMs: timeIn(span, 'endTimeUnixNano'),
    attributes: readAttributes(span, entries),
    events: listIn(span, 'events', entries)
      .filter((event) => event['name'] === EXCEPTION)
      .map((event) => readEvent(event, entries)),
    statusCode: numberIn(status, 'code'),
    statusMessage: textIn(status, 'message'),
  };
}

const readEvent = (event: Json, entries: EntryCount): SpanEvent => ({
  name: textIn(event, 'name'),
  timeMs: timeIn(event, 'timeUnixNano'),
  attributes: readAttributes(event, entries),
});

const readLogRecord = (record: Json, entries: EntryCount): LogRecord => ({
  timeMs: timeIn(record, 'timeUnixNano'),
  observedMs: timeIn(record, 'observedTimeUnixNano'),
  severity: numberIn(record, 'severityNumber'),
  body: readValue(record['body'], entries),
  attributes: readAttributes(record, entries),
  traceId: textIn(record, 'traceId').toLowerCase(),
  spanId: textIn(record, 'spanId').toLowerCase(),
  eventName: textIn(record, 'eventName'),
});

/** Sums have values; the points of all other kinds are only counted. */
const KINDS = ['sum', 'gauge', 'histogram', 'exponentialHistogram', 'summary'] as const;

function* readMetric(metric: Json, entries: EntryCount): Generator<DataPoint, void> {
  const name = textIn(metric, 'name');
  for (const kind of KINDS) {
    const data = memberIn(metric, kind);
    const temporality = kind === 'sum' ? numberIn(data, 'aggregationTemporality') : 0;
    for (const point of listIn(data, 'dataPoints', entries)) {
      yield {
        metric: name,
        temporality,
        value: kind === 'sum' ? pointValue(point) : 0,
        startMs: timeIn(point, 'startTimeUnixNano'),
        timeMs: timeIn(point, 'timeUnixNano'),
        attributes: readAttributes(point, entries),
      };
    }
  }
}

function readAttributes(holder: Json, entries: EntryCount): Attributes {
  const attributes = new AttributeList();
  for (const attribute of listIn(holder, 'attributes', entries))
    attributes.set(textIn(attribute, 'key'), readValue(attribute['value'], entries));
  return attributes;
}

/** Reads an `AnyValue`: an object with one member named after its type. */
function readValue(given: unknown, entries: EntryCount, levels = MAX_LEVELS): AttributeValue {
  if (given == null) return null;
  if (levels === 0) throw new TypeError(`A value has more than ${MAX_LEVELS} levels of lists and maps`);
  const value = objectIn(given, 'a value');
  const { stringValue, boolValue, intValue, doubleValue, bytesValue } = value;
  if (typeof stringValue === 'string') return stringValue;
  if (typeof boolValue === 'boolean') return boolValue;
  if (intValue != null) return integerIn(value, 'intValue');
  if (doubleValue != null) return numberIn(value, 'doubleValue');
  if (typeof bytesValue === 'string') return bytesValue;
  if (value['arrayValue'] != null)
    return listIn(memberIn(value, 'arrayValue'), 'values', entries).map((one) =>
      readValue(one, entries, levels - 1),
    );
  if (value['kvlistValue'] == null) return null;
  const members = listIn(memberIn(value, 'kvlistValue'), 'values', entries);
  const read = (one: Json) => [textIn(one, 'key'), readValue(one['value'], entries, levels - 1)] as const;
  return Object.fromEntries(members.map(read));
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

function listIn(holder: Json, name: string, entries: EntryCount): readonly Json[] {
  const value = holder[name];
  if (value == null) return [];
  if (!Array.isArray(value)) throw new TypeError(`${name} must be a list`);
  entries.add(value.length);
  return value.map((one) => objectIn(one, `an item of ${name}`));
}

function textIn(holder: Json, name: string): string {
  const value = holder[name] ?? '';
  if (typeof value === 'string') return value;
  throw new TypeError(`${name} must be text`);
}

/** A number, or its text: senders write 64-bit integers as text. */
function numberIn(holder: Json, name: string): number {
  const value = holder[name] ?? 0;
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number === 'number' && !Number.isNaN(number)) return number;
  throw new TypeError(`${name} must be a number`);
}

/** A protobuf int64. */
function integerIn(holder: Json, name: string): number {
  const number = numberIn(holder, name);
  if (Number.isInteger(number) && Math.abs(number) <= LARGEST_INT64) return number;
  throw new TypeError(`${name} must be an integer of 64 bits`);
}

const pointValue = (point: Json): number =>
  point['asInt'] == null ? numberIn(point, 'asDouble') : integerIn(point, 'asInt');

const timeIn = (holder: Json, name: string): number => numberIn(holder, name) / NANOSECONDS;
