import type { MetricValues } from '../metrics/metrics.ts';
import type { FinishedSpan, SpanAttributes } from './spans.ts';

/**
 * Requests of OTLP/HTTP in JSON. https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */

const SCOPE = { name: 'telltale' };
/** AGGREGATION_TEMPORALITY_CUMULATIVE: totals since the start, as Prometheus counts. */
const CUMULATIVE = 2;
const STATUS_ERROR = 2;

export function traceRequest(resource: SpanAttributes, spans: readonly FinishedSpan[]): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: toAttributes(resource) },
        scopeSpans: [{ scope: SCOPE, spans: spans.map(toSpan) }],
      },
    ],
  });
}

/** @param since when the counters began, in epoch milliseconds */
export function metricsRequest(
  resource: SpanAttributes,
  metrics: readonly MetricValues[],
  { since, now }: { readonly since: number; readonly now: number },
): string {
  const times = { startTimeUnixNano: toNanos(since), timeUnixNano: toNanos(now) };
  const shown = metrics.flatMap((metric) => toMetric(metric, times) ?? []);
  return JSON.stringify({
    resourceMetrics: [
      {
        resource: { attributes: toAttributes(resource) },
        scopeMetrics: [{ scope: SCOPE, metrics: shown }],
      },
    ],
  });
}

function toSpan({ startMs, endMs, attributes, error, ...span }: FinishedSpan): object {
  return {
    ...span,
    startTimeUnixNano: toNanos(startMs),
    endTimeUnixNano: toNanos(endMs),
    attributes: toAttributes(attributes),
    ...(error !== null && { status: { code: STATUS_ERROR, message: error } }),
  };
}

type Times = { readonly startTimeUnixNano: string; readonly timeUnixNano: string };

/** Null for a metric without values. */
function toMetric(metric: MetricValues, times: Times): object | null {
  const { name, help: description } = metric;
  // JSON has no infinity.
  const values = ((metric.values ?? []) as readonly Value[]).filter(({ value }) => Number.isFinite(value));
  if (values.length === 0) return null;
  const points = () => values.map((value) => ({ ...times, ...numberOf(value), asDouble: value.value }));
  switch (String(metric.type)) {
    case 'counter': {
      const sum = { aggregationTemporality: CUMULATIVE, isMonotonic: true, dataPoints: points() };
      return { name, description, sum };
    }
    case 'histogram': {
      const dataPoints = histogramPoints(values).map((point) => ({ ...times, ...point }));
      return { name, description, unit: 's', histogram: { aggregationTemporality: CUMULATIVE, dataPoints } };
    }
    default:
      return { name, description, gauge: { dataPoints: points() } };
  }
}

/**
 * A value of a metric as prom-client returns it. For a histogram, `metricName` says which kind of
 * value it is.
 */
interface Value {
  readonly value: number;
  readonly labels: SpanAttributes;
  readonly metricName?: string;
}

const numberOf = ({ labels }: Value) => ({ attributes: toAttributes(labels) });

/** Prometheus counts all values up to a bound, OTLP the values between two bounds. */
function histogramPoints(values: readonly Value[]): object[] {
  const points = new Map<string, HistogramPoint>();
  for (const {
    value,
    labels: { le, ...labels },
    metricName = '',
  } of values) {
    const key = JSON.stringify(labels);
    const point = points.get(key) ?? { labels, upTo: [], sum: 0, count: 0 };
    points.set(key, point);
    if (metricName.endsWith('_sum')) point.sum = value;
    else if (metricName.endsWith('_count')) point.count = value;
    else if (le !== undefined && le !== '+Inf') point.upTo.push([Number(le), value]);
  }
  return [...points.values()].map(({ labels, upTo, sum, count }) => {
    const totals = [...upTo.map(([, total]) => total), count];
    return {
      attributes: toAttributes(labels),
      count: String(count),
      sum,
      explicitBounds: upTo.map(([bound]) => bound),
      bucketCounts: totals.map((total, at) => String(total - (totals[at - 1] ?? 0))),
    };
  });
}

interface HistogramPoint {
  readonly labels: SpanAttributes;
  readonly upTo: [bound: number, total: number][];
  sum: number;
  count: number;
}

function toAttributes(attributes: SpanAttributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: toValue(value) }));
}

function toValue(value: string | number | boolean): object {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'string') return { stringValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/**
 * 64-bit integers are text in JSON. A number cannot hold current times in nanoseconds, so
 * milliseconds are split.
 */
function toNanos(milliseconds: number): string {
  const whole = Math.floor(milliseconds);
  const rest = Math.round((milliseconds - whole) * 1e6);
  return String(BigInt(whole) * 1_000_000n + BigInt(rest));
}
