import type { Config } from './config/config.ts';
import { type Clock, systemClock } from './core/clock.ts';
import { createIdSource } from './core/ids.ts';
import { maskSecrets } from './core/mask-secrets.ts';
import { createProcessLoad, type ProcessLoadSource } from './core/process-load.ts';
import type { Services } from './graphql/context.ts';
import { createIngest } from './ingest/create-ingest.ts';
import { createRecordChecks } from './ingest/record-checks.ts';
import { createLive } from './live/create-live.ts';
import { createAnalytics } from './query/create-analytics.ts';
import { datasets, records } from './registry.ts';
import { ensureRollups } from './rollups/layout.ts';
import { createLogger, type Logger } from './server/logger.ts';
import { createReadinessCheck } from './server/readiness.ts';
import { type Addresses, createGraphQLServer, type Server } from './server/server.ts';
import { createStore, openMigrationConnection } from './storage/create-store.ts';
import { migrationsFolder, readMigrations } from './storage/migrator/files.ts';
import { migrate } from './storage/migrator/migrate.ts';
import type { Dialect, Store } from './storage/store.ts';

/** The one project there is until keys come. */
export const DEFAULT_PROJECT = 'default';

/** What tests and commands may replace. */
export interface AppOverrides {
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Default: the load of this process is measured until the app stops. */
  readonly processLoad?: ProcessLoadSource;
  /** Told of a backup and of each migration before it is applied. Default: the log. */
  readonly onProgress?: (text: string) => void;
}

/** The whole server, composed and not yet listening. */
export interface App {
  readonly services: Services;
  /** Listens. @throws NodeJS.ErrnoException when the port is taken. */
  start(): Promise<Addresses>;
  /**
   * Takes no new requests, completes every subscription, answers what has begun (within `config.shutdownGraceMs`), commits
   * every event that was taken, then closes the database. May be called again; never started is fine.
   */
  stop(): Promise<void>;
  /** Answers in process, without a socket. */
  fetch(request: Request): Promise<Response>;
  /** What is open now. */
  readonly open: Server['open'];
}

/**
 * The composition root: configuration in, running app out. Migrates the database and rebuilds rollups that no longer fit
 * their declaration first.
 *
 * @throws StorageUnavailable, MigrationError, InvalidArgument (DATABASE_URL); then nothing stays open.
 */
export async function createApp(config: Config, overrides: AppOverrides = {}): Promise<App> {
  const { clock = systemClock, logger = createLogger(config.log) } = overrides;
  const onProgress = overrides.onProgress ?? ((text: string) => logger.info(text));
  // What takes long to load does so while the database opens.
  const loading = Promise.all([import('./schema.ts'), import('./domains/llm/prices/price-book.ts')]);
  loading.catch(() => undefined);
  const { dialect, migrations } = await migrateDatabase(config, clock, onProgress);
  const store = await openStore(config, dialect, logger);
  const processLoad = overrides.processLoad ?? createProcessLoad();
  try {
    const rebuilt = await ensureRollups(store, datasets);
    if (rebuilt.length > 0) logger.info({ datasets: rebuilt }, 'Rollups were rebuilt');
    const [{ createSchema }, { createPriceBook }] = await loading;
    const { priceCall } = createPriceBook({ overridesFile: config.pricesFile });
    const services = compose(config, clock, store, { priceCall, maskSecrets }, processLoad);
    const server = createGraphQLServer({
      schema: createSchema(),
      context: { services, projectId: DEFAULT_PROJECT },
      config,
      logger,
      readiness: createReadinessCheck(store, migrations),
    });
    return createRunning(services, server);
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
    return { dialect: connection.dialect, migrations: migrations.map(({ name }) => name) };
  } finally {
    await connection.close();
  }
}

function openStore(config: Config, dialect: Dialect, logger: Logger): Promise<Store> {
  return createStore({
    url: config.databaseUrl,
    datasets,
    records,
    ...(dialect === 'sqlite' && { readers: config.sqliteReaders }),
    onProblem: (err) => logger.error({ err }, 'The store has a problem'),
  });
}

function compose(
  config: Config,
  clock: Clock,
  store: Store,
  completion: Parameters<typeof createIngest>[0]['completion'],
  processLoad: ProcessLoadSource,
): Services {
  const live = createLive({ capacity: config.subscriptionQueueEvents });
  const ids = createIdSource(clock);
  const ingest = createIngest({ store, live, clock, ids, completion, queueLimit: config.ingestQueueEvents });
  return {
    config,
    clock,
    store,
    ids,
    ingest,
    recordChecks: createRecordChecks({ clock, ids, completion }),
    analytics: createAnalytics({ store, clock }),
    live,
    datasets,
    processLoad,
  };
}

function createRunning(services: Services, server: Server): App {
  const { config, live, ingest, store, processLoad } = services;
  let stopped: Promise<void> | undefined;

  async function stop(): Promise<void> {
    await server.stop(config.shutdownGraceMs);
    live.close();
    await ingest.close();
    processLoad.stop();
    await store.close();
  }

  return {
    services,
    start: () => server.start(),
    stop: () => (stopped ??= stop()),
    fetch: (request) => server.fetch(request),
    get open() {
      return server.open;
    },
  };
}
