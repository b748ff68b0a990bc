import { AggregatorRegistry, Gauge, Registry } from 'prom-client';
import type { Clock } from '../core/clock.ts';
import { sharedFor } from '../core/shared-for.ts';
import type { OwnFacts } from '../monitoring/own-facts.ts';
import type { Portions } from '../runtime/portions.ts';
import { createReadMeter, type OperationLimits } from '../storage/reading.ts';
import type { Store } from '../storage/store.ts';
import type { Instruments } from './instruments.ts';
import { addProcessMetrics } from './process-metrics.ts';
import { createProjectMetrics, type ProjectMetrics, type ProjectMetricsOptions } from './project-metrics.ts';
import { readServerGauges, type ServerGaugesOptions } from './server-gauges.ts';

/** What a scrape may show. */
export interface MetricsView {
  /** Whether to show what the server does for all projects. */
  readonly server: boolean;
  readonly projects: readonly string[];
}

/** One metric with its values, as prom-client returns it. */
export type MetricValues = Awaited<ReturnType<Registry['getMetricsAsJSON']>>[number];

/** The metrics of the server and of what projects recorded. */
export interface Metrics {
  /**
   * At most some seconds old. What cannot be read is omitted, and `telltale_metrics_complete` is 0.
   */
  read(view: MetricsView): Promise<MetricValues[]>;
  /** The same as text in Prometheus' format. */
  text(view: MetricsView): Promise<string>;
}

export interface MetricsOptions
  extends ServerGaugesOptions,
    Omit<ProjectMetricsOptions, 'projectId' | 'store'> {
  readonly store: Pick<Store, 'connections' | 'dialect' | 'query' | 'reading' | 'replica'>;
  readonly clock: Clock;
  readonly instruments: Pick<Instruments, 'registry'>;
  readonly readFacts: () => Promise<OwnFacts>;
  /** The turns of the event loop that scrapes share with other work. */
  readonly portions: Portions;
  /** Receives what could not be read. */
  readonly log: { warn(details: object, message: string): void };
}

export const CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Scrapes within this time share a reading. Prometheus scrapes every 15 to 60 seconds. */
const SHARED_MS = 5_000;
/** The limits for reading one project: more than its two days ever have in cells. */
const LIMITS: OperationLimits = { rows: 50_000, bytes: 32 * 1024 * 1024, cells: 50_000 };
/** About how long it takes to merge the metrics of a scrape and to write them as text. */
const MERGE_MICROSECONDS = 5_000;
/** Prometheus itself gives up after 10 seconds. */
const DEADLINE_MS = 5_000;

export function createMetrics(options: MetricsOptions): Metrics {
  const { store, log, instruments } = options;
  const projects = new Map<string, () => Promise<Registry>>();

  const readServer = sharedFor(
    SHARED_MS,
    () => performance.now(),
    async () => {
      const signal = AbortSignal.timeout(DEADLINE_MS);
      const registry = await store.reading({ signal }, async () =>
        readServerGauges(options, await options.readFacts()),
      );
      addProcessMetrics(registry);
      return registry;
    },
  );

  function readProject(projectId: string): Promise<Registry> {
    let read = projects.get(projectId);
    if (read === undefined) {
      const made = createProjectMetrics({ ...options, projectId });
      read = sharedFor(
        SHARED_MS,
        () => performance.now(),
        () => refreshed(made, projectId),
      );
      projects.set(projectId, read);
    }
    return read();
  }

  async function refreshed(made: ProjectMetrics, projectId: string): Promise<Registry> {
    const scope = { meter: createReadMeter(LIMITS), signal: AbortSignal.timeout(DEADLINE_MS), projectId };
    await store.reading(scope, () => made.refresh());
    return made.registry;
  }

  /** One project after the other: a scrape takes one connection, not all. */
  async function collect(view: MetricsView): Promise<Registry[]> {
    const found: Registry[] = [];
    let isComplete = true;
    const add = async (read: () => Promise<Registry>) => {
      try {
        found.push(await read());
      } catch (err) {
        isComplete = false;
        log.warn({ err }, 'Not all metrics could be read');
      }
    };
    if (view.server) {
      found.push(instruments.registry);
      await add(readServer);
    }
    for (const projectId of view.projects) await add(() => readProject(projectId));
    return [...found, completeness(isComplete)];
  }

  async function merge(view: MetricsView): Promise<Registry> {
    const registries = await collect(view);
    // Many scrapes share a reading, so all of them would go on at once.
    await options.portions.pass(MERGE_MICROSECONDS);
    const values = await Promise.all(registries.map((one) => one.getMetricsAsJSON()));
    return AggregatorRegistry.aggregate(values) as Registry;
  }

  return {
    read: async (view) => (await merge(view)).getMetricsAsJSON(),
    text: async (view) => (await merge(view)).metrics(),
  };
}

function completeness(isComplete: boolean): Registry {
  const registry = new Registry();
  new Gauge({
    registers: [registry],
    name: 'telltale_metrics_complete',
    help: 'Whether everything could be read: 1 or 0.',
  }).set(isComplete ? 1 : 0);
  return registry;
}
