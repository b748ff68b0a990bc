import { Counter, Gauge, Registry } from 'prom-client';
import type { OwnColumns } from '../columns/create-columns.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { OwnFacts } from '../monitoring/own-facts.ts';
import type { Dialect, Store } from '../storage/store.ts';

export interface ServerGaugesOptions {
  readonly store: Pick<Store, 'connections' | 'dialect' | 'replica'>;
  readonly ingest: Pick<Ingest, 'load'>;
  /** Null if there is no columnar copy. */
  readonly columns: Pick<OwnColumns, 'lag'> | null;
  readonly open: () => Open;
  readonly version: string;
}

/** What is currently open. */
export interface Open {
  readonly connections: number;
  readonly webSockets: number;
  readonly subscriptions: number;
}

/** The current state of the server. Created for each scrape: nothing of it accumulates. */
export async function readServerGauges(options: ServerGaugesOptions, facts: OwnFacts): Promise<Registry> {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, value: number | null) =>
    value === null ? undefined : new Gauge({ registers, name, help }).set(value);
  const labelled = <Label extends string>(name: string, help: string, ...labelNames: readonly Label[]) =>
    new Gauge({ registers, name, help, labelNames });

  const { version, store, ingest, columns, open } = options;
  const database: Dialect = store.dialect;
  labelled('telltale_build_info', 'Always 1.', 'version', 'node', 'database').set(
    { version, node: process.versions.node, database },
    1,
  );
  addQueue(registers, ingest.load());
  const { connections, webSockets, subscriptions } = open();
  gauge('telltale_http_connections', 'Open connections, including WebSockets.', connections);
  gauge('telltale_websockets', 'Open WebSockets.', webSockets);
  gauge('telltale_subscriptions', 'Running subscriptions.', subscriptions);

  gauge('telltale_ready', 'Whether GET /readyz answers 200: 1 or 0.', facts.notReady === null ? 1 : 0);
  gauge('telltale_readiness_check_seconds', 'How long the check took.', facts.readinessMs / 1000);
  gauge(
    'telltale_event_loop_delay_seconds',
    'The 99th percentile of the last 30 to 60 seconds.',
    facts.eventLoopDelayMs / 1000,
  );
  const { limit, busy, waiting } = store.connections();
  gauge(
    'telltale_database_connections_limit',
    'Maximum number of connections that read at a time; on SQLite, threads.',
    limit,
  );
  gauge('telltale_database_connections_busy', 'Read connections that are in use.', busy);
  gauge('telltale_database_reads_waiting', 'Reads that wait for a connection.', waiting);
  addReplica(registers, store.replica);
  gauge('telltale_disk_free_bytes', 'Free space on the disk with the data.', facts.disk?.freeBytes ?? null);
  gauge('telltale_database_size_bytes', 'The size of the database.', facts.stored?.databaseBytes ?? null);
  gauge(
    'telltale_deliveries_waiting',
    'Alert notifications that have not been sent yet.',
    facts.stored?.deliveriesWaiting ?? null,
  );
  gauge(
    'telltale_deliveries_overdue',
    'Alert notifications that have been due for more than a minute.',
    facts.stored?.deliveriesOverdue ?? null,
  );
  if (columns !== null) {
    const lag = labelled(
      'telltale_columns_lag_events',
      'Maximum number of events that the columnar copy lacked at its last check for new ones; +Inf ' +
        'if not counted.',
      'dataset',
    );
    for (const [dataset, events] of await columns.lag()) lag.set({ dataset }, Math.max(0, events));
  }
  return registry;
}

function addReplica(registers: Registry[], replica: Store['replica']): void {
  if (replica === null) return;
  const { status, behindMs } = replica.state();
  const gauge = (name: string, help: string, value: number) =>
    new Gauge({ registers, name, help }).set(value);
  gauge('telltale_replica_ready', 'Whether the replica answers: 1 or 0.', status === 'READY' ? 1 : 0);
  gauge(
    'telltale_replica_lag_seconds',
    'How far the replica is behind the primary, at most; +Inf if unknown.',
    behindMs === null ? Number.POSITIVE_INFINITY : behindMs / 1000,
  );
}

function addQueue(registers: Registry[], { held, limit, failedCalls }: ReturnType<Ingest['load']>): void {
  const gauge = (name: string, help: string, value: number) =>
    new Gauge({ registers, name, help }).set(value);
  gauge('telltale_write_queue_events', 'Events that wait for the writer or are being written.', held.events);
  gauge('telltale_write_queue_bytes', 'The size of their values.', held.bytes);
  gauge('telltale_write_queue_limit_events', 'INGEST_QUEUE_EVENTS.', limit.events);
  gauge('telltale_write_queue_limit_bytes', 'INGEST_QUEUE_BYTES.', limit.bytes);
  new Counter({
    registers,
    name: 'telltale_ingest_failed_calls_total',
    help: 'Recording calls that stored nothing, because the queue was full or the database failed.',
  }).inc(failedCalls);
}
