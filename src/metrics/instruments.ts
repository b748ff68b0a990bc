import { Counter, Histogram, Registry } from 'prom-client';
import type { ErrorCode } from '../core/errors.ts';

/** The kinds of paths. The paths themselves are unlimited: clients can request any. */
export type Endpoint = 'graphql' | 'otlp' | 'mcp' | 'export' | 'health' | 'metrics' | 'other';

/** `invalid`: the document could not be parsed or is not valid. */
export type OperationType = 'query' | 'mutation' | 'subscription' | 'invalid';

/** The outcome of the events of a call. */
export interface EventCounts {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
}

/**
 * Counts what the server does, as it happens. Each call costs a microsecond or less. No label has
 * more values than the code names, so outsiders cannot create series.
 */
export interface Instruments {
  readonly registry: Registry;
  /**
   * @param seconds from the headers to the end of the answer; null for a stream, which lasts as
   *   long as its client wants
   */
  request(endpoint: Endpoint, status: number, seconds: number | null): void;
  /** @param seconds null for a subscription, which lasts, or a document that was not run */
  operation(type: OperationType, code: ErrorCode | 'OK', seconds: number | null): void;
  recorded(dataset: string, counts: EventCounts): void;
  committed(seconds: number, isStored: boolean): void;
  dropped(): void;
  /** The connection of a client that did not take its long answer was ended. */
  brokenOff(): void;
}

/** From a cached answer to the longest that a query may run by default. In seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createInstruments(datasets: readonly { readonly name: string }[]): Instruments {
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ registers, name, help, labelNames });
  const histogram = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Histogram({ registers, name, help, labelNames, buckets: BUCKETS });

  const requests = counter('telltale_http_requests_total', 'HTTP requests, by kind of path and status.', [
    'endpoint',
    'code',
  ]);
  const requestSeconds = histogram(
    'telltale_http_request_duration_seconds',
    'Time from the headers of a request to the end of its response. Streams do not count.',
    ['endpoint'],
  );
  const operations = counter(
    'telltale_graphql_operations_total',
    'GraphQL operations of all transports, by type and code: OK, or the code of the first error.',
    ['type', 'code'],
  );
  const operationSeconds = histogram(
    'telltale_graphql_operation_duration_seconds',
    'How long GraphQL operations ran, excluding the time to read the request and to write the response.',
    ['type'],
  );
  const events = counter(
    'telltale_ingest_events_total',
    'Events received over all protocols, by outcome: accepted, duplicate (same id) or rejected (not valid).',
    ['dataset', 'outcome'],
  );
  const commits = histogram(
    'telltale_commit_duration_seconds',
    'How long it took to store a batch of waiting events, in one transaction.',
    ['outcome'],
  );
  const dropped = counter(
    'telltale_live_events_dropped_total',
    'Events that subscribers missed because they were too slow.',
    [],
  );
  const brokenOff = counter(
    'telltale_answers_broken_off_total',
    'Long answers that were broken off because their clients took nothing while others waited for room.',
    [],
  );
  startAtZero();

  /** `rate()` sees the first error only if the series existed before. */
  function startAtZero(): void {
    for (const { name: dataset } of datasets) {
      for (const outcome of ['accepted', 'duplicate', 'rejected']) events.inc({ dataset, outcome }, 0);
    }
    for (const outcome of ['stored', 'failed']) commits.zero({ outcome });
    dropped.inc(0);
    brokenOff.inc(0);
  }

  return {
    registry,
    request(endpoint, status, seconds) {
      requests.inc({ endpoint, code: status });
      if (seconds !== null) requestSeconds.observe({ endpoint }, seconds);
    },
    operation(type, code, seconds) {
      operations.inc({ type, code });
      if (seconds !== null) operationSeconds.observe({ type }, seconds);
    },
    recorded(dataset, { accepted, duplicates, rejected }) {
      if (accepted > 0) events.inc({ dataset, outcome: 'accepted' }, accepted);
      if (duplicates > 0) events.inc({ dataset, outcome: 'duplicate' }, duplicates);
      if (rejected > 0) events.inc({ dataset, outcome: 'rejected' }, rejected);
    },
    committed(seconds, isStored) {
      commits.observe({ outcome: isStored ? 'stored' : 'failed' }, seconds);
    },
    dropped() {
      dropped.inc();
    },
    brokenOff() {
      brokenOff.inc();
    },
  };
}
