import { setMaxListeners } from 'node:events';
import { type BackgroundWork, createBackground } from './background.ts';
import { folderOf } from './columns/copy-path.ts';
import type { Config } from './config/config.ts';
import type { Coordination } from './coordination/coordination.ts';
import { createCoordination } from './coordination/create-coordination.ts';
import type { Services } from './graphql/context.ts';
import { STOPPING } from './graphql/limits/use-operation-limits.ts';
import { createMetrics, type MetricValues } from './metrics/metrics.ts';
import { createFactsReader } from './monitoring/read-facts.ts';
import { createFrugalHeap } from './runtime/frugal-heap.ts';
import { type Schedule, systemSchedule } from './runtime/schedule.ts';
import type { Addresses } from './server/listen-all.ts';
import { createLogger, type Logger } from './server/logger.ts';
import { expectKeys, expectProjects } from './server/openness.ts';
import { createReadinessCheck } from './server/readiness.ts';
import { createGraphQLServer, type Server, SHARE_OF_GRACE } from './server/server.ts';
import { type OpenServices, openServices, type ServicesOverrides } from './services.ts';
import { packageVersion } from './storage/package-folder.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

/** Parts that tests and commands may replace. */
export interface AppOverrides extends ServicesOverrides {
  /** Decides when retention runs, and when due deliveries to webhooks are claimed. */
  readonly schedule?: Schedule;
}

/** The composed server, not yet listening. */
export interface App {
  readonly services: Services;
  /**
   * Listens, and starts the background work (see `background.ts`).
   *
   * @throws NodeJS.ErrnoException when the port is in use, TelltaleError without an API key on an
   *   address that others can reach.
   */
  start(): Promise<Addresses>;
  /**
   * Accepts no new requests, completes every subscription, answers requests in progress (within
   * `config.shutdownGraceMs`), commits every accepted event, then closes the database. May be
   * called repeatedly, and without `start`.
   */
  stop(): Promise<void>;
  /** Answers a request in process, without a socket. A given caller needs no key. */
  fetch: Server['fetch'];
  /** What is currently open. */
  readonly open: Server['open'];
}

/**
 * The composition root: builds the app from the configuration. First migrates the database and
 * rebuilds the rollups that do not match their declaration.
 *
 * @throws StorageUnavailable, MigrationError, InvalidArgument (DATABASE_URL). Nothing stays open
 *   then.
 */
export async function createApp(config: Config, overrides: AppOverrides = {}): Promise<App> {
  // Loading takes long, so it happens while the database opens.
  const loading = import('./schema.ts');
  loading.catch(() => undefined);
  const { logger = createLogger(config.log) } = overrides;
  const telemetry = await openTelemetry(config, logger);
  const opened = await openServices(config, {
    ...{ ...overrides, logger, columns: true },
    ...(telemetry && { telemetry }),
  });
  try {
    const { createSchema } = await loading;
    const { ring, instruments } = opened;
    expectProjects(config, ring);
    const coordination = follow(opened.services, logger);
    const services = coordination === null ? opened.services : { ...opened.services, coordination };
    const { store } = services;
    const folder = folderOf(config.databaseUrl, config.columns.file);
    const readiness = createReadinessCheck({ ...opened, store, log: logger });
    const metrics = createMetrics({
      ...{ ...opened, ...services, log: logger, version: packageVersion() },
      readFacts: createFactsReader({ ...opened, ...services, folder, readiness, open: () => server.open }),
      open: () => server.open,
    });
    const server = createGraphQLServer({
      ...{ instruments, metrics, projects: () => ring.projects.keys() },
      ...(telemetry && { telemetry }),
      schema: createSchema(),
      services,
      config,
      logger,
      reading: store.reading,
      readiness,
      heap: createFrugalHeap(),
    });
    const { schedule = systemSchedule } = overrides;
    const background = createBackground({
      ...{ ...opened, services, schedule, log: logger, coordination, readiness },
      open: () => server.open,
    });
    const sending = telemetry && sendTelemetry(telemetry, () => metrics.read({ server: true, projects: [] }));
    return createRunning({ ...opened, services, sending }, server, background);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** The configured coordination folder, not followed yet. Null if none is configured. */
function follow({ config, ...services }: Services, log: Logger): Coordination | null {
  const { coordinationFolder: folder } = config;
  if (folder === null) return null;
  return createCoordination({ ...services, folder, log, projectId: config.coordinationProject });
}

/** Loaded on demand only. */
async function openTelemetry({ telemetry: config }: Config, log: Logger): Promise<Telemetry | null> {
  if (config === null) return null;
  const { createTelemetry } = await import('./telemetry/telemetry.ts');
  const resource = { 'service.name': config.serviceName, 'service.version': packageVersion() };
  return createTelemetry({ ...config, resource, log });
}

interface Sending {
  start(addresses: Addresses): void;
  stop(): Promise<void>;
}

function sendTelemetry(telemetry: Telemetry, readMetrics: () => Promise<MetricValues[]>): Sending {
  return {
    start(addresses) {
      const ports = [addresses.graphql, addresses.otlp].map((url) => Number(new URL(url).port || 80));
      telemetry.start({ ports, readMetrics });
    },
    stop: telemetry.stop,
  };
}

function createRunning(
  { services, ring, sending, close }: OpenServices & { readonly sending: Sending | null },
  server: Server,
  background: readonly BackgroundWork[],
): App {
  const { config, store } = services;
  let stopped: Promise<void> | undefined;
  const halt = new AbortController();
  setMaxListeners(Number.POSITIVE_INFINITY, halt.signal);

  async function start(): Promise<Addresses> {
    expectKeys(config, ring);
    const addresses = await server.start();
    sending?.start(addresses);
    // Timers and listeners that start here read in this scope.
    if (stopped === undefined) {
      store.replica?.follow();
      store.reading({ signal: halt.signal }, () => {
        for (const work of background) work.start();
      });
    }
    return addresses;
  }

  async function stop(): Promise<void> {
    const halting = setTimeout(() => halt.abort(STOPPING), config.shutdownGraceMs * SHARE_OF_GRACE);
    await Promise.all([server.stop(config.shutdownGraceMs), ...background.map((work) => work.stop())]);
    clearTimeout(halting);
    await sending?.stop();
    await close();
  }

  return {
    services,
    start,
    stop: () => (stopped ??= stop()),
    fetch: (request, caller) => server.fetch(request, caller),
    get open() {
      return server.open;
    },
  };
}
