import { createBudgets } from './access/budgets/budgets.ts';
import type { Counters } from './access/budgets/counters.ts';
import { createLocalCounters } from './access/budgets/local-counters.ts';
import { createSharedCounters } from './access/budgets/shared-counters.ts';
import { createKeyRing, type KeyRing } from './access/key-ring.ts';
import { copyFileOf } from './columns/copy-path.ts';
import { createColumns, type OwnColumns } from './columns/create-columns.ts';
import { removeUnusedCopy } from './columns/remove-unused.ts';
import { composeServices } from './compose-services.ts';
import type { Config } from './config/config.ts';
import { type Clock, systemClock } from './core/clock.ts';
import { type HeldPrices, openHeldPrices } from './costs/held-prices.ts';
import { datasets, states } from './declarations/registry.ts';
import type { Services } from './graphql/context.ts';
import type { Instances } from './instances/instances.ts';
import { createInstruments, type Instruments } from './metrics/instruments.ts';
import { ensureRollups } from './rollups/layout.ts';
import { createRollupWork, type RollupWork } from './rollups/rollup-work.ts';
import { createPortions, type Portions } from './runtime/portions.ts';
import { createProcessLoad, type ProcessLoadSource } from './runtime/process-load.ts';
import { createLogger, type Logger } from './server/logger.ts';
import { openBackups } from './storage/backups/open-backups.ts';
import { createStore } from './storage/create-store.ts';
import type { ClientSource } from './storage/dialect/client-source.ts';
import { isDistributed } from './storage/dialect/postgresql/citus/layout.ts';
import type { ThreadSource } from './storage/dialect/thread-source.ts';
import { migrateDatabase } from './storage/migrator/migrate-database.ts';
import type { ReplicaState } from './storage/replica.ts';
import type { Dialect, Store } from './storage/store.ts';
import { watchWrites } from './storage/watch-writes.ts';
import type { Telemetry } from './telemetry/telemetry.ts';
import { expectCopyEnded } from './transfer/copy/marker.ts';

const declared = [...datasets, ...states];

/** Parts that tests and commands may replace. */
export interface ServicesOverrides {
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Default: measures the load of this process until the services are closed. */
  readonly processLoad?: ProcessLoadSource;
  /** Where the threads of the store come from. Default: the store starts its own. */
  readonly threads?: ThreadSource;
  /** Where Prisma's clients come from. Default: the store creates one. */
  readonly clients?: ClientSource;
  /**
   * Whether to maintain the columnar copy of the events, for processes that answer questions.
   * Default: false.
   */
  readonly columns?: boolean;
  /** Records what requests wait for. Default: none. */
  readonly telemetry?: Telemetry;
  /** Whether the database may be an unfinished copy, for the copying itself. Default: false. */
  readonly mayBeCopied?: boolean;
  /** Called before a backup and before each migration. Default: the log. */
  readonly onProgress?: (text: string) => void;
}

/** Everything below GraphQL, on an open database. */
export interface OpenServices {
  readonly services: Services;
  readonly ring: KeyRing;
  /** The prices that projects have set. */
  readonly held: HeldPrices;
  readonly counters: Counters;
  /** The instances that share the database, not listening yet. */
  readonly instances: Instances;
  /** The columnar copy of the events, not started yet; null if there is none. */
  readonly columns: OwnColumns | null;
  /** Brings the rollups in line with their declarations. */
  readonly rollups: RollupWork;
  readonly logger: Logger;
  /** The names of this version's migrations. */
  readonly migrations: readonly string[];
  /** Counts what the server does. */
  readonly instruments: Instruments;
  readonly failedWrites: ReturnType<typeof watchWrites>['failedWrites'];
  /** Commits every accepted event, then closes the database. */
  close(): Promise<void>;
}

/**
 * Builds the services from the configuration, for the server and for commands that need no GraphQL.
 * First migrates the database, and records which rollups do not match their declaration.
 *
 * @throws StorageUnavailable, MigrationError, InvalidArgument (DATABASE_URL), TelltaleError
 *   CONFLICT for an unfinished copy. Nothing stays open then.
 */
export async function openServices(config: Config, overrides: ServicesOverrides = {}): Promise<OpenServices> {
  const { clock = systemClock, logger = createLogger(config.log) } = overrides;
  const onProgress = overrides.onProgress ?? ((text: string) => logger.info(text));
  // Loading takes long, so it happens while the database opens.
  const loading = import('./prices/price-book.ts');
  loading.catch(() => undefined);
  const backups = await openBackups(config, clock, (problem) => logger.warn(problem));
  const { dialect, migrations } = await migrateDatabase({
    ...{ databaseUrl: config.directUrl, backups, policy: config.backups.beforeMigration },
    ...{ clock, declared, onProgress },
  });
  // The server can work even if they cannot be removed.
  await backups.sweep().catch((err) => logger.warn({ err }, 'Incomplete backups cannot be removed'));
  const portions = createPortions();
  const instruments = createInstruments(datasets);
  const { telemetry } = overrides;
  const plain = await openStore(config, dialect, { ...overrides, logger, portions });
  const opened = telemetry === undefined ? plain : telemetry.watchStatements(plain);
  const { store, failedWrites } = watchWrites(opened, { now: () => performance.now(), ...instruments });
  const processLoad = overrides.processLoad ?? createProcessLoad();
  let columns: OwnColumns | null = null;
  try {
    if (!overrides.mayBeCopied) await expectCopyEnded(store);
    if (overrides.columns) columns = await openColumns(config, { store, portions, logger });
    const unmade = await ensureRollups(store, datasets);
    if (unmade.length > 0)
      logger.info({ datasets: unmade }, 'Rollups will be built in the background; until then, rows answer');
    const rollups = createRollupWork({ store, datasets });
    const { createPriceBook } = await loading;
    const held = await openHeldPrices({ prisma: store.prisma, clock, log: logger });
    const book = createPriceBook({ overridesFile: config.pricesFile, ofProject: held.ofProject });
    const ring = await createKeyRing({ prisma: store.prisma, clock, log: logger });
    // An SQLite database has one process; instances share a PostgreSQL database.
    const createCounters = dialect === 'sqlite' ? createLocalCounters : createSharedCounters;
    const counters = createCounters({ query: store.query, log: logger });
    const budgets = createBudgets({
      ...{ counters, log: logger, defaults: config.quotas, ownQuotas: () => ring.ownQuotas },
    });
    const copy = columns && { copy: columns, log: logger };
    const { services, instances } = composeServices(
      {
        ...{ config, clock, store, processLoad, budgets, portions, backups, logger },
        ...{ columns: copy, instruments, telemetry },
      },
      { book, held },
      ring,
    );
    return {
      ...{ services, instances, held, rollups, ring, counters, columns, logger, migrations },
      ...{ instruments, failedWrites },
      async close() {
        services.live.close();
        services.tables.close();
        await services.ingest.close();
        await instances.stop();
        await services.otlpStatus.close();
        await counters.close();
        await backups.stop();
        processLoad.stop();
        await columns?.close();
        await store.close();
      },
    };
  } catch (error) {
    processLoad.stop();
    await columns?.close();
    await store.close();
    throw error;
  }
}

function openStore(
  config: Config,
  dialect: Dialect,
  {
    logger,
    portions,
    threads,
    clients,
  }: { readonly logger: Logger; readonly portions: Portions } & Pick<
    ServicesOverrides,
    'threads' | 'clients'
  >,
): Promise<Store> {
  return createStore({
    url: config.databaseUrl,
    directUrl: config.directUrl,
    replica: config.replica && { ...config.replica, onChange: logReplica(logger) },
    datasets,
    states,
    pass: portions.pass,
    ...(dialect === 'sqlite' && { readers: config.sqliteReaders }),
    ...(threads && { threads }),
    ...(clients && { clients }),
    onProblem: (err) => logger.error({ err }, 'The store has a problem'),
  });
}

function logReplica(logger: Logger) {
  return ({ status, reason, behindMs }: ReplicaState): void => {
    if (status === 'READY') logger.info({ behindMs }, 'The replica answers questions about events');
    else
      logger.warn({ status, reason, behindMs }, 'The replica answers no questions; the primary answers them');
  };
}

async function openColumns(
  { directUrl: databaseUrl, columns: { fromEvents, file: given, ...settings } }: Config,
  { store, portions, logger }: Pick<Services, 'store' | 'portions'> & { readonly logger: Logger },
): Promise<OwnColumns | null> {
  const file = given ?? copyFileOf(databaseUrl);
  const isSpread = fromEvents !== null && (await isDistributed(store));
  if (isSpread) logger.info('A database with Citus has no columnar copy');
  if (fromEvents === null || isSpread) {
    // Otherwise nobody would remove from it what retention and deleted projects remove.
    if (!(await removeUnusedCopy(file)))
      logger.warn({ file }, 'Another server has the columnar copy open, so it is not deleted');
    return null;
  }
  return createColumns({
    ...{ databaseUrl, file, datasets, settings, fromEvents, store },
    pass: portions.pass,
    onProblem: (problem) => logger.warn({ problem }, 'The columnar copy has a problem; rows answer instead'),
  });
}
