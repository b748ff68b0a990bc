import { messageOf } from '../core/thrown.ts';
import type { MetricValues } from '../metrics/metrics.ts';
import { metricsRequest, traceRequest } from './otlp-json.ts';
import { type Collector, isRefused, send } from './send.ts';
import type { FinishedSpan, SpanAttributes } from './spans.ts';

/** Sends spans and metrics to a collector. Never throws, and never makes a caller wait. */
export interface Exporter {
  /** Adds a span. Beyond the maximum, the oldest is lost. */
  add(span: FinishedSpan): void;
  sendSpans(signal: AbortSignal): Promise<void>;
  sendMetrics(signal: AbortSignal): Promise<void>;
}

export interface ExporterOptions {
  /** The OTLP/HTTP endpoint, without `/v1/traces`. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly resource: SpanAttributes;
  readonly readMetrics: () => Promise<MetricValues[]>;
  readonly log: { warn(details: object, message: string): void };
}

/** Some seconds of a busy server: a megabyte. */
const MAX_SPANS = 4_096;
const SPANS_PER_REQUEST = 512;
const TIMEOUT_MS = 10_000;

export function createExporter(options: ExporterOptions): Exporter {
  const { endpoint, headers, resource, readMetrics, log } = options;
  const since = Date.now();
  const collectorOf = (signal: 'traces' | 'metrics'): Collector => ({
    ...{ url: `${endpoint.replace(/\/+$/, '')}/v1/${signal}`, headers, timeoutMs: TIMEOUT_MS },
  });
  let waiting: FinishedSpan[] = [];
  let problem: string | null = null;

  /** @returns whether the collector took it, or never will */
  async function attempt(what: 'traces' | 'metrics', body: string, signal: AbortSignal): Promise<boolean> {
    try {
      await send(collectorOf(what), body, signal);
      problem = null;
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      const why = withCause(error);
      // Logged once, as long as it stays the same.
      if (problem !== why) log.warn({ problem: why }, `The server's own ${what} could not be sent`);
      problem = why;
      return isRefused(error);
    }
  }

  return {
    add(span) {
      waiting.push(span);
      // In bulk, not for each span: a collector may be away for long.
      if (waiting.length > MAX_SPANS) waiting = waiting.slice(-MAX_SPANS / 2);
    },
    async sendSpans(signal) {
      while (waiting.length > 0) {
        const spans = waiting.slice(0, SPANS_PER_REQUEST);
        const isDone = await attempt('traces', traceRequest(resource, spans), signal);
        if (!isDone) return;
        const sent = new Set(spans);
        waiting = waiting.filter((span) => !sent.has(span));
      }
    },
    async sendMetrics(signal) {
      const metrics = await readMetrics();
      await attempt('metrics', metricsRequest(resource, metrics, { since, now: Date.now() }), signal);
    },
  };
}

/** `fetch` gives the real failure as the cause. */
function withCause(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : `${messageOf(error)}: ${messageOf(cause)}`;
}
