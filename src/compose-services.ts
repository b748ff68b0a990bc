import { createAccessServices } from './access/access-services.ts';
import { ACCESS_CHANGED, type KeyRing } from './access/key-ring.ts';
import { createAlerting } from './alerting/alerting.ts';
import { createExpiringAlerts, createExpiringDeliveries } from './alerting/book/expiring-alerts.ts';
import { createAnalytics } from './analytics/create-analytics.ts';
import { createArchive } from './archive/archive.ts';
import { createArchiveReader } from './archive/read-archive.ts';
import type { ColumnsCopy } from './columns/read-columns.ts';
import { createIdSource } from './core/ids.ts';
import { createAwaitedRows } from './costs/awaited-rows.ts';
import { createCorrections } from './costs/corrections.ts';
import { type HeldPrices, PRICES_CHANGED } from './costs/held-prices.ts';
import { createPrices } from './costs/prices.ts';
import { sessions } from './declarations/agents/sessions.ts';
import type { CompletionServices } from './declarations/completion.ts';
import { datasets, states } from './declarations/registry.ts';
import type { Services } from './graphql/context.ts';
import { createIngest } from './ingest/create-ingest.ts';
import { createStateChecks } from './ingest/state-checks.ts';
import { createInstances, type Instances } from './instances/instances.ts';
import { createIntegrity } from './integrity/integrity.ts';
import { createTables } from './integrity/tables.ts';
import { createLists } from './lists/lists.ts';
import { createLive } from './live/create-live.ts';
import type { Instruments } from './metrics/instruments.ts';
import { createOtlpStatus } from './otlp/status/create-status.ts';
import type { PriceBook } from './prices/price-book.ts';
import { createExpiringTallies } from './retention/expiring-tallies.ts';
import { createRetention } from './retention/retention.ts';
import type { Logger } from './server/logger.ts';
import { opennessOf } from './server/openness.ts';
import { createHorizonReader } from './storage/horizons.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

/** What is already open. */
export interface Opened
  extends Pick<Services, 'config' | 'clock' | 'store' | 'processLoad' | 'budgets' | 'portions' | 'backups'> {
  readonly columns: ColumnsCopy | null;
  readonly logger: Logger;
  readonly instruments: Instruments;
  readonly telemetry: Telemetry | undefined;
}

/** Composes the services of an open store; starts nothing. */
export function composeServices(
  given: Opened,
  { book, held }: { readonly book: PriceBook; readonly held: HeldPrices },
  ring: KeyRing,
): { readonly services: Services; readonly instances: Instances } {
  const { columns, logger, instruments, telemetry, ...services } = given;
  const completion: CompletionServices = { priceCall: book.priceCall };
  const { config, clock, store, portions } = services;
  const live = createLive({ capacity: config.subscriptionQueueEvents, onDropped: instruments.dropped });
  const ids = createIdSource(clock);
  const ingest = createIngest({
    ...{ store, live, clock, ids, completion },
    queueLimit: config.ingestQueue,
    ipAddressesOf: ring.ipAddressesOf,
    pass: portions.pass,
    ...(telemetry && { storing: telemetry.storing }),
    onRecorded: ({ name }, counts) => instruments.recorded(name, counts),
  });
  const instances = createInstances({
    ...{ store, live, datasets, self: ids.next(), settled: ingest.settled },
    onProblem: (err) => logger.error({ err }, 'Notices to or from other instances are late'),
  });
  instances.react(ACCESS_CHANGED, ring.refresh);
  instances.react(PRICES_CHANGED, held.refresh);
  const { announce, announcing } = instances;
  const reading = composeReading(given);
  const accessServices = createAccessServices({
    ...{ store, ring, clock, ids, datasets, open: opennessOf(config) },
    ...{ maxKeys: config.maxKeysPerProject, maxProjects: config.maxProjects },
    refresh: announcing(ACCESS_CHANGED, ring.refresh),
  });
  const composed = {
    ...{ ...services, ...accessServices, ...reading, ...composeKeeping(given), ids, ingest },
    ...{ live, tails: instances.tails, datasets },
    alerting: createAlerting({
      ...{ store, live, announce, clock, ids, datasets, portions },
      analytics: reading.analytics,
    }),
    stateChecks: createStateChecks({ clock, ids, completion }),
    prices: createPrices(book, { ...held, refresh: announcing(PRICES_CHANGED, held.refresh) }),
    corrections: createCorrections({ store, clock, ids, completion, held }),
    otlpStatus: createOtlpStatus({ store, clock, log: logger }),
  };
  return { services: composed, instances };
}

/** Composes what answers questions about events. */
function composeReading({ config, store, portions, columns }: Opened): Pick<Services, 'analytics' | 'lists'> {
  const horizons = createHorizonReader(store.query, () => store.scope().target?.isReplica === true);
  const { archiveFolder: folder } = config;
  const analytics = createAnalytics({
    ...{ store, portions, horizons },
    ...(columns && { columns }),
    ...(folder && { archive: createArchiveReader({ folder, store }) }),
  });
  return { analytics, lists: createLists({ store, horizons, ...(columns && { columns }) }) };
}

/** Composes what keeps the stored data in order. */
function composeKeeping({
  config,
  store,
  clock,
  columns,
  logger,
}: Opened): Pick<Services, 'retention' | 'integrity' | 'tables'> {
  const { archiveFolder: folder, retentionDays } = config;
  const copy = columns?.copy ?? 'This server keeps no columnar copy.';
  return {
    retention: createRetention({
      ...{ store, clock, datasets, retentionDays },
      states: [
        createExpiringAlerts({ store }),
        createExpiringDeliveries({ store }),
        createExpiringTallies({ store, state: sessions, datasets }),
      ],
      ...(folder && { archive: createArchive({ folder, store }) }),
      isAwaited: createAwaitedRows(store),
    }),
    integrity: createIntegrity({ store, clock, datasets, states, columns: copy, retentionDays }),
    tables: createTables({
      ...{ store, clock, declared: [...datasets, ...states] },
      onProblem: (err) => logger.error({ err }, 'The tables could not be measured'),
    }),
  };
}
