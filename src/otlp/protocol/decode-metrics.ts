import { AttributeList } from './attribute-list.ts';
import { type DecodeItem, decodeAttribute } from './decode-values.ts';
import type { DataPoint } from './telemetry.ts';
import { bits64Tag, lengthTag, varintTag, type WireReader } from './wire-reader.ts';

const METRIC = { name: lengthTag(1), sum: lengthTag(7) } as const;
/** Gauges, histograms, exponential histograms and summaries: their points are only counted. */
const UNUSED: ReadonlySet<number> = new Set([5, 9, 10, 11].map(lengthTag));
const DATA = { point: lengthTag(1), temporality: varintTag(2) } as const;
const POINT = {
  start: bits64Tag(2),
  time: bits64Tag(3),
  double: bits64Tag(4),
  integer: bits64Tag(6),
  attribute: lengthTag(7),
} as const;

type Point = Omit<DataPoint, 'metric' | 'temporality'>;

/** Reads the points of a `Metric` of opentelemetry/proto/metrics/v1/metrics.proto. */
export const decodeMetric: DecodeItem<DataPoint> = (reader, end, add) => {
  let metric = '';
  let temporality = 0;
  const points: Point[] = [];
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === METRIC.name) metric = reader.text();
    else if (tag === METRIC.sum) temporality = decodeData(reader, reader.messageEnd(end), points);
    else if (UNUSED.has(tag)) countPoints(reader, reader.messageEnd(end), points);
    else reader.skipField(tag);
  }
  reader.expectEnd(end);
  for (const point of points) add({ metric, temporality, ...point });
};

/** @returns the temporality of the points */
function decodeData(reader: WireReader, end: number, points: Point[]): number {
  let temporality = 0;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === DATA.point) points.push(decodePoint(reader, reader.entryEnd(end)));
    else if (tag === DATA.temporality) temporality = reader.integer();
    else reader.skipField(tag);
  }
  reader.expectEnd(end);
  return temporality;
}

const NO_VALUE: Point = { startMs: 0, timeMs: 0, value: 0, attributes: new Map() };

function countPoints(reader: WireReader, end: number, points: Point[]): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === DATA.point) {
      reader.pos = reader.entryEnd(end);
      points.push(NO_VALUE);
    } else reader.skipField(tag);
  }
  reader.expectEnd(end);
}

function decodePoint(reader: WireReader, end: number): Point {
  const attributes = new AttributeList();
  let [startMs, timeMs, value] = [0, 0, 0];
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag) {
      case POINT.start:
        startMs = reader.time();
        break;
      case POINT.time:
        timeMs = reader.time();
        break;
      case POINT.double:
        value = reader.double();
        break;
      case POINT.integer:
        value = reader.fixedInteger();
        break;
      case POINT.attribute:
        decodeAttribute(reader, reader.entryEnd(end), attributes);
        break;
      default:
        reader.skipField(tag);
    }
  }
  reader.expectEnd(end);
  return { startMs, timeMs, value, attributes };
}
