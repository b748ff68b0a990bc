import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { TelemetryConfig } from '../config/telemetry-variables.ts';
import type { MetricValues } from '../metrics/metrics.ts';
import type { Store } from '../storage/store.ts';
import { createExporter, type Exporter } from './exporter.ts';
import { isOwnAddress } from './own-address.ts';
import type { SpanAttributes } from './spans.ts';
import { traceOperations } from './trace-operations.ts';
import { traceRequest } from './trace-request.ts';
import { traceStoring } from './trace-storing.ts';
import { createTracer } from './tracer.ts';
import { watchStatements } from './watch-statements.ts';

/** The server's own traces and metrics, sent by OTLP. */
export interface Telemetry {
  /** The store, whose statements become parts of traces. */
  watchStatements(store: Store): Store;
  /** See `IngestOptions.storing`. */
  storing<Value>(events: number, store: () => Promise<Value>): Promise<Value>;
  /** Answers a request within a span. */
  request(request: IncomingMessage, response: ServerResponse, answer: () => void): void;
  /** Must come after all other plugins. */
  readonly plugin: Plugin;
  /** Starts to send, unless the collector is the server itself. */
  start(options: StartOptions): void;
  /** Sends what is left, for at most two seconds. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** The ports of the server. */
  readonly ports: Iterable<number>;
  readonly readMetrics: () => Promise<MetricValues[]>;
}

export interface TelemetryOptions extends TelemetryConfig {
  readonly resource: SpanAttributes;
  readonly log: { warn(details: object, message: string): void };
}

const SPANS_EVERY_MS = 5_000;
const LAST_MS = 2_000;

export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { endpoint, log, metricsEveryMs, share } = options;
  let exporter: Exporter | null = null;
  const stopping = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const tracer = createTracer({ share, onEnd: (span) => exporter?.add(span) });

  function repeat(everyMs: number, work: (signal: AbortSignal) => Promise<void>): void {
    let isRunning = false;
    const run = async () => {
      if (isRunning) return;
      isRunning = true;
      await work(stopping.signal).catch((err) =>
        log.warn({ err }, "The server's own telemetry could not be sent"),
      );
      isRunning = false;
    };
    timers.push(setInterval(() => void run(), everyMs).unref());
  }

  return {
    watchStatements: (store) => watchStatements(store, tracer),
    storing: (events, store) => traceStoring(tracer, events, store),
    request: (...exchange) => traceRequest(tracer, ...exchange),
    plugin: traceOperations(tracer),
    start({ ports, readMetrics }) {
      if (isOwnAddress(endpoint, ports)) {
        const message = 'OTEL_EXPORTER_OTLP_ENDPOINT is this server itself, so its own telemetry is not sent';
        log.warn({ endpoint }, message);
        return;
      }
      const made = createExporter({ ...options, readMetrics });
      exporter = made;
      repeat(SPANS_EVERY_MS, made.sendSpans);
      repeat(metricsEveryMs, made.sendMetrics);
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      stopping.abort();
      const last = AbortSignal.timeout(LAST_MS);
      const sent = exporter === null ? [] : [exporter.sendSpans(last), exporter.sendMetrics(last)];
      // Reading the metrics waits for the database, which may be away for longer.
      await new Promise<void>((resolve) => {
        const patience = setTimeout(resolve, LAST_MS);
        void Promise.allSettled(sent).then(() => {
          clearTimeout(patience);
          resolve();
        });
      });
      exporter = null;
      tracer.close();
    },
  };
}
