import { setMaxListeners } from 'node:events';
import { createAccess } from './access/authenticate.ts';
import { createKeyRing, type KeyRing } from './access/key-ring.ts';
import { createKeys } from './access/keys.ts';
import { createProjects } from './access/projects.ts';
import { createAlerting } from './alerting/alerting.ts';
import { createExpiringAlerts, createExpiringDeliveries } from './alerting/book/expiring-alerts.ts';
import { createAnalytics } from './analytics/create-analytics.ts';
import { type BackgroundWork, createBackground } from './background.ts';
import type { Config } from './config/config.ts';
import type { Coordination } from './coordination/coordination.ts';
import { createCoordination } from './coordination/create-coordination.ts';
import { type Clock, systemClock } from './core/clock.ts';
import { createIdSource } from './core/ids.ts';
import { datasets, states } from './declarations/registry.ts';
import type { Services } from './graphql/context.ts';
import { STOPPING } from './graphql/limits/use-operation-limits.ts';
import { createIngest } from './ingest/create-ingest.ts';
import { createStateChecks } from './ingest/state-checks.ts';
import { createLive } from './live/create-live.ts';
import { createRetention } from './retention/retention.ts';
import { ensureRollups } from './rollups/layout.ts';
import { createProcessLoad, type ProcessLoadSource } from './runtime/process-load.ts';
import { type Schedule, systemSchedule } from './runtime/schedule.ts';
import { createLogger, type Logger } from './server/logger.ts';
import { expectCoordinationProject, expectKeys, opennessOf } from './server/openness.ts';
import { createReadinessCheck } from './server/readiness.ts';
import { type Addresses, createGraphQLServer, type Server, SHARE_OF_GRACE } from './server/server.ts';
import { createStore, openMigrationConnection } from './storage/create-store.ts';
import { createHorizonReader } from './storage/horizons.ts';
import { expectTables } from './storage/migrator/expect-tables.ts';
import { migrationsFolder, readMigrations } from './storage/migrator/files.ts';
import { migrate } from './storage/migrator/migrate.ts';
import type { Dialect, Store } from './storage/store.ts';
import { watchWrites } from './storage/watch-writes.ts';

/** Parts that tests and commands may replace. */
export interface AppOverrides {
  readonly clock?: Clock;
  /** When retention runs, and when due deliveries to webhooks are claimed. */
  readonly schedule?: Schedule;
  readonly logger?: Logger;
  /** Default: measures the load of this process until the app stops. */
  readonly processLoad?: ProcessLoadSource;
  /** Called before a backup and before each migration. Default: the log. */
  readonly onProgress?: (text: string) => void;
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
   * called repeatedly, and without a start.
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
  const { clock = systemClock, schedule = systemSchedule, logger = createLogger(config.log) } = overrides;
  const onProgress = overrides.onProgress ?? ((text: string) => logger.info(text));
  // Modules that take long to load are loaded while the database opens.
  const loading = Promise.all([import('./schema.ts'), import('./prices/price-book.ts')]);
  loading.catch(() => undefined);
  const { dialect, migrations } = await migrateDatabase(config, clock, onProgress);
  const opened = await openStore(config, dialect, logger);
  const { store, failedWrites } = watchWrites(opened, () => performance.now());
  const processLoad = overrides.processLoad ?? createProcessLoad();
  try {
    const rebuilt = await ensureRollups(store, datasets, (name) =>
      onProgress(`making the rollups of ${name} from its rows, about a minute for each million`),
    );
    if (rebuilt.length > 0) logger.info({ datasets: rebuilt }, 'Rollups were rebuilt');
    const [{ createSchema }, { createPriceBook }] = await loading;
    const { priceCall } = createPriceBook({ overridesFile: config.pricesFile });
    const completion = { priceCall };
    const ring = await createKeyRing({ prisma: store.prisma, clock, log: logger });
    const composed = compose({ config, clock, store, processLoad }, completion, ring);
    expectCoordinationProject(config, ring);
    const coordination = follow(composed, logger);
    const services = coordination === null ? composed : { ...composed, coordination };
    const server = createGraphQLServer({
      schema: createSchema(),
      services,
      config,
      logger,
      reading: store.reading,
      readiness: createReadinessCheck({ store, migrations, failedWrites }),
    });
    const background = createBackground({ services, schedule, log: logger, coordination, ring });
    return createRunning({ services, ring }, server, background);
  } catch (error) {
    processLoad.stop();
    await store.close();
    throw error;
  }
}

async function migrateDatabase(config: Config, clock: Clock, onProgress: (text: string) => void) {
  const connection = await openMigrationConnection(config.databaseUrl);
  try {
    const migrations = await readMigrations(migrationsFolder(connection.dialect));
    await migrate(connection, { migrations, clock, onProgress });
    await expectTables(connection, [...datasets, ...states]);
    return { dialect: connection.dialect, migrations: migrations.map(({ name }) => name) };
  } finally {
    await connection.close();
  }
}

function openStore(config: Config, dialect: Dialect, logger: Logger): Promise<Store> {
  return createStore({
    url: config.databaseUrl,
    datasets,
    states,
    ...(dialect === 'sqlite' && { readers: config.sqliteReaders }),
    onProblem: (err) => logger.error({ err }, 'The store has a problem'),
  });
}

function compose(
  given: Pick<Services, 'config' | 'clock' | 'store' | 'processLoad'>,
  completion: Parameters<typeof createIngest>[0]['completion'],
  ring: KeyRing,
): Services {
  const { config, clock, store } = given;
  const live = createLive({ capacity: config.subscriptionQueueEvents });
  const ids = createIdSource(clock);
  const ingest = createIngest({ store, live, clock, ids, completion, queueLimit: config.ingestQueue });
  const analytics = createAnalytics({ store, horizons: createHorizonReader(store.query) });
  const retention = createRetention({
    store,
    clock,
    datasets,
    states: [createExpiringAlerts({ store }), createExpiringDeliveries({ store })],
    retentionDays: config.retentionDays,
  });
  const stateChecks = createStateChecks({ clock, ids, completion });
  const alerting = createAlerting({ store, live, clock, ids, analytics, datasets });
  const access = createAccess({ ring, open: opennessOf(config) });
  const keys = createKeys({ prisma: store.prisma, ring, clock, ids });
  const projects = createProjects({ store, ring, clock });
  return {
    ...given,
    access,
    keys,
    projects,
    alerting,
    ids,
    ingest,
    stateChecks,
    analytics,
    live,
    retention,
    datasets,
  };
}

/** The configured coordination folder, not followed yet. Null if none is configured. */
function follow({ config, ...services }: Services, log: Logger): Coordination | null {
  const { coordinationFolder: folder } = config;
  if (folder === null) return null;
  return createCoordination({ ...services, folder, log, projectId: config.coordinationProject });
}

function createRunning(
  { services, ring }: { readonly services: Services; readonly ring: KeyRing },
  server: Server,
  background: readonly BackgroundWork[],
): App {
  const { config, live, ingest, store, processLoad } = services;
  let stopped: Promise<void> | undefined;
  const halt = new AbortController();
  setMaxListeners(Number.POSITIVE_INFINITY, halt.signal);

  async function start(): Promise<Addresses> {
    expectKeys(config, ring);
    const addresses = await server.start();
    // Timers and listeners that begin here read in this scope.
    if (stopped === undefined) {
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
    live.close();
    await ingest.close();
    processLoad.stop();
    await store.close();
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
