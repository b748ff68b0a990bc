import { createKeys } from '../../src/access/keys.ts';
import { createProjects } from '../../src/access/projects.ts';
import { createReadTokens } from '../../src/access/read-tokens.ts';
import { createSigningKeys } from '../../src/access/signing-key.ts';
import { createAlerting } from '../../src/alerting/alerting.ts';
import { createExpiringAlerts, createExpiringDeliveries } from '../../src/alerting/book/expiring-alerts.ts';
import { createAnalytics } from '../../src/analytics/create-analytics.ts';
import { createArchive } from '../../src/archive/archive.ts';
import { createArchiveReader } from '../../src/archive/read-archive.ts';
import { createIdSource } from '../../src/core/ids.ts';
import { createAwaitedRows } from '../../src/costs/awaited-rows.ts';
import { createCorrections } from '../../src/costs/corrections.ts';
import type { HeldPrices } from '../../src/costs/held-prices.ts';
import { createPrices } from '../../src/costs/prices.ts';
import { sessions } from '../../src/declarations/agents/sessions.ts';
import { datasets, states } from '../../src/declarations/registry.ts';
import type { Services } from '../../src/graphql/context.ts';
import { createIngest } from '../../src/ingest/create-ingest.ts';
import { createStateChecks } from '../../src/ingest/state-checks.ts';
import { createTails } from '../../src/instances/tails.ts';
import { createIntegrity } from '../../src/integrity/integrity.ts';
import { createTables } from '../../src/integrity/tables.ts';
import { createLists } from '../../src/lists/lists.ts';
import { createOtlpStatus } from '../../src/otlp/status/create-status.ts';
import { createPriceBook } from '../../src/prices/price-book.ts';
import { createExpiringTallies } from '../../src/retention/expiring-tallies.ts';
import { createRetention } from '../../src/retention/retention.ts';
import { createPortions } from '../../src/runtime/portions.ts';
import type { Backups } from '../../src/storage/backups/backups.ts';
import { createHorizonReader } from '../../src/storage/horizons.ts';
import { noQuotas, openAccess } from './callers.ts';
import type { LateKeyRing } from './late-key-ring.ts';
import type { TestClock } from './test-clock.ts';

/** An idle server, however busy the machine of the tests is. */
const IDLE: Services['processLoad'] = {
  read: () => ({ eventLoopDelayMs: 0, memoryBytes: 1e8, uptimeSeconds: 60 }),
  stop: () => undefined,
};

/** The services of the GraphQL layer, as the server composes them, without background work. */
export function composeServices(
  given: Pick<Services, 'store' | 'config' | 'live'> & {
    readonly clock: TestClock;
    readonly ring: LateKeyRing;
    readonly held: HeldPrices;
    readonly backups: Backups;
  },
  replace?: (services: Services) => Partial<Services>,
): Services {
  const { store, clock, config, live, ring, held, backups } = given;
  const book = createPriceBook({ overridesFile: config.pricesFile, ofProject: held.ofProject });
  const completion = { priceCall: book.priceCall };
  const ids = createIdSource(clock);
  const portions = createPortions();
  const horizons = createHorizonReader(store.query);
  const { archiveFolder: folder } = config;
  const archive = folder && createArchiveReader({ folder, store });
  const analytics = createAnalytics({ store, portions, horizons, ...(archive && { archive }) });
  const signingKeys = createSigningKeys({ store, clock, ids });
  const ingest = createIngest({ store, live, clock, ids, completion, ipAddressesOf: ring.ipAddressesOf });
  const onProblem = (error: unknown) => process.emitWarning(String(error));
  const services: Services = {
    config,
    access: openAccess,
    budgets: noQuotas,
    keys: createKeys({ store, ring, clock, ids, maxKeys: config.maxKeysPerProject }),
    projects: createProjects({ store, ring, clock, maxProjects: config.maxProjects }),
    readTokens: createReadTokens({ ring, signingKeys, clock, datasets }),
    clock,
    store,
    live,
    datasets,
    ids,
    alerting: createAlerting({ store, live, clock, ids, analytics, datasets }),
    ingest,
    tails: createTails({ store, live, settled: ingest.settled, onProblem }),
    stateChecks: createStateChecks({ clock, ids, completion }),
    retention: createRetention({
      isAwaited: createAwaitedRows(store),
      store,
      clock,
      datasets,
      states: [
        createExpiringAlerts({ store }),
        createExpiringDeliveries({ store }),
        createExpiringTallies({ store, state: sessions, datasets }),
      ],
      retentionDays: config.retentionDays,
      ...(folder && { archive: createArchive({ folder, store }) }),
    }),
    integrity: createIntegrity({
      ...{ store, clock, datasets, states, columns: 'There is none.', retentionDays: config.retentionDays },
    }),
    tables: createTables({
      store,
      clock,
      declared: [...datasets, ...states],
      onProblem: (error) => process.emitWarning(String(error)),
    }),
    otlpStatus: createOtlpStatus({
      store,
      clock,
      log: { error: (problem) => process.emitWarning(String(problem)) },
    }),
    analytics,
    lists: createLists({ store, horizons }),
    prices: createPrices(book, held),
    corrections: createCorrections({ store, clock, ids, completion, held }),
    portions,
    backups,
    processLoad: IDLE,
  };
  const changes = replace?.(services) ?? {};
  const lists = changes.store && createLists({ store: changes.store, horizons });
  return { ...services, ...(lists && { lists }), ...changes };
}
