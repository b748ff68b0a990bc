import { AttributeList } from './attribute-list.ts';
import { type DecodeItem, decodeAttribute } from './decode-values.ts';
import { EXCEPTION, type Span, type SpanEvent } from './telemetry.ts';
import { bits64Tag, lengthTag, varintTag, type WireReader } from './wire-reader.ts';

const SPAN = {
  traceId: lengthTag(1),
  spanId: lengthTag(2),
  parentSpanId: lengthTag(4),
  name: lengthTag(5),
  kind: varintTag(6),
  start: bits64Tag(7),
  end: bits64Tag(8),
  attribute: lengthTag(9),
  event: lengthTag(11),
  status: lengthTag(15),
} as const;
const EVENT = { time: bits64Tag(1), name: lengthTag(2), attribute: lengthTag(3) } as const;
const STATUS = { message: lengthTag(2), code: varintTag(3) } as const;

/** Reads a `Span` of opentelemetry/proto/trace/v1/trace.proto. */
export const decodeSpan: DecodeItem<Span> = (reader, end, add) => {
  const attributes = new AttributeList();
  const events: SpanEvent[] = [];
  let [traceId, spanId, parentSpanId, name] = ['', '', '', ''];
  let [kind, startMs, endMs] = [0, 0, 0];
  let status = UNSET;
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag) {
      case SPAN.traceId:
        traceId = reader.hex();
        break;
      case SPAN.spanId:
        spanId = reader.hex();
        break;
      case SPAN.parentSpanId:
        parentSpanId = reader.hex();
        break;
      case SPAN.name:
        name = reader.text();
        break;
      case SPAN.kind:
        kind = reader.integer();
        break;
      case SPAN.start:
        startMs = reader.time();
        break;
      case SPAN.end:
        endMs = reader.time();
        break;
      case SPAN.attribute:
        decodeAttribute(reader, reader.entryEnd(end), attributes);
        break;
      case SPAN.event:
        addException(reader, reader.entryEnd(end), events);
        break;
      case SPAN.status:
        status = decodeStatus(reader, reader.messageEnd(end));
        break;
      default:
        reader.skipField(tag);
    }
  }
  reader.expectEnd(end);
  // Each field by name: spreading the status into the object takes as long as reading some
  // attributes.
  const { statusCode, statusMessage } = status;
  add({
    traceId,
    spanId,
    parentSpanId,
    name,
    kind,
    startMs,
    endMs,
    attributes,
    events,
    statusCode,
    statusMessage,
  });
};

/** Reads an event, and adds it if it is an exception. */
function addException(reader: WireReader, end: number, events: SpanEvent[]): void {
  const attributes = new AttributeList();
  let name = '';
  let timeMs = 0;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === EVENT.time) timeMs = reader.time();
    else if (tag === EVENT.name) name = reader.text();
    else if (tag === EVENT.attribute) decodeAttribute(reader, reader.entryEnd(end), attributes);
    else reader.skipField(tag);
  }
  reader.expectEnd(end);
  if (name === EXCEPTION) events.push({ name, timeMs, attributes });
}

type Status = Pick<Span, 'statusCode' | 'statusMessage'>;
const UNSET: Status = { statusCode: 0, statusMessage: '' };

function decodeStatus(reader: WireReader, end: number): Status {
  let [statusCode, statusMessage] = [0, ''];
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === STATUS.message) statusMessage = reader.text();
    else if (tag === STATUS.code) statusCode = reader.integer();
    else reader.skipField(tag);
  }
  reader.expectEnd(end);
  return { statusCode, statusMessage };
}
