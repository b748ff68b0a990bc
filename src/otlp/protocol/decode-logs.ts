import { AttributeList } from './attribute-list.ts';
import { type DecodeItem, decodeAttribute, decodeValue } from './decode-values.ts';
import type { AttributeValue, LogRecord } from './telemetry.ts';
import { bits64Tag, lengthTag, varintTag } from './wire-reader.ts';

const RECORD = {
  time: bits64Tag(1),
  severity: varintTag(2),
  body: lengthTag(5),
  attribute: lengthTag(6),
  traceId: lengthTag(9),
  spanId: lengthTag(10),
  observed: bits64Tag(11),
  eventName: lengthTag(12),
} as const;

/** Reads a `LogRecord` of opentelemetry/proto/logs/v1/logs.proto. */
export const decodeLogRecord: DecodeItem<LogRecord> = (reader, end, add) => {
  const attributes = new AttributeList();
  let [timeMs, observedMs, severity] = [0, 0, 0];
  let [traceId, spanId, eventName] = ['', '', ''];
  let body: AttributeValue = null;
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag) {
      case RECORD.time:
        timeMs = reader.time();
        break;
      case RECORD.observed:
        observedMs = reader.time();
        break;
      case RECORD.severity:
        severity = reader.integer();
        break;
      case RECORD.body:
        body = decodeValue(reader, reader.messageEnd(end));
        break;
      case RECORD.attribute:
        decodeAttribute(reader, reader.entryEnd(end), attributes);
        break;
      case RECORD.traceId:
        traceId = reader.hex();
        break;
      case RECORD.spanId:
        spanId = reader.hex();
        break;
      case RECORD.eventName:
        eventName = reader.text();
        break;
      default:
        reader.skipField(tag);
    }
  }
  reader.expectEnd(end);
  add({ timeMs, observedMs, severity, body, attributes, traceId, spanId, eventName });
};
