import type { Counters } from './access/budgets/counters.ts';
import type { KeyRing } from './access/key-ring.ts';
import { createProjectRemoval, runProjectRemoval } from './access/project-removal.ts';
import { createDeliveries } from './alerting/delivery/deliveries.ts';
import { createSender } from './alerting/delivery/sender.ts';
import { createHealthAlerts } from './alerting/health/health-alerts.ts';
import { createLease } from './alerting/lease/lease.ts';
import { openLease, POLL_INTERVAL_MS, SHARED, UNHURRIED, whileHolding } from './alerting/lease/open-lease.ts';
import { createRuleEvaluator } from './alerting/rules/evaluator.ts';
import { runScheduledBackups } from './backups/run-scheduled.ts';
import { folderOf } from './columns/copy-path.ts';
import type { OwnColumns } from './columns/create-columns.ts';
import type { Coordination } from './coordination/coordination.ts';
import type { HeldPrices } from './costs/held-prices.ts';
import { runCorrections } from './costs/run-corrections.ts';
import { healthSamples } from './declarations/health/health-samples.ts';
import { requestLogs } from './declarations/traffic/request-logs.ts';
import { createAlertRule } from './domains/alerts/alert-rules/create.ts';
import type { Services } from './graphql/context.ts';
import { readVerdict } from './health/read-health.ts';
import type { Instances } from './instances/instances.ts';
import { createFactsReader, type FactsOptions } from './monitoring/read-facts.ts';
import { runSelfMonitoring } from './monitoring/run-self-monitoring.ts';
import { createSelfMonitoring } from './monitoring/self-monitoring.ts';
import { runHourly } from './retention/hourly.ts';
import { createWriterMerge } from './rollups/merge-writers.ts';
import type { RollupWork } from './rollups/rollup-work.ts';
import { runRollupWork } from './rollups/run-rollup-work.ts';
import { runWriterMerge } from './rollups/run-writer-merge.ts';
import type { Repetition, Schedule } from './runtime/schedule.ts';
import type { Logger } from './server/logger.ts';

/** Background work. It runs from when the server listens until it stops. */
export interface BackgroundWork {
  start(): void;
  /** Ends in bounded time. May be called repeatedly, and without `start`. */
  stop(): Promise<void>;
}

export interface BackgroundOptions {
  readonly services: Services;
  readonly schedule: Schedule;
  readonly log: Logger;
  readonly coordination: Coordination | null;
  readonly ring: Pick<KeyRing, 'run' | 'projects'>;
  readonly held: Pick<HeldPrices, 'run'>;
  readonly counters: Pick<Counters, 'run'>;
  readonly instances: Pick<Instances, 'start'>;
  readonly rollups: RollupWork;
  readonly columns: Pick<OwnColumns, 'start' | 'stop' | 'late'> | null;
  /** See `FactsOptions`. */
  readonly readiness: FactsOptions['readiness'];
  readonly open: FactsOptions['open'];
}

/**
 * Scheduled backups, retention, rollups that no longer match their declaration, the removal of
 * deleted projects, the coordination folder, the start of the columnar copy, alerts from rules
 * and from health, notifications to webhooks, and the health of the server itself.
 */
export function createBackground(options: BackgroundOptions): readonly BackgroundWork[] {
  const { services, schedule, log, coordination, ring, held, counters, rollups, columns } = options;
  const given = { ...services, ...services.alerting, schedule, log };
  const readHealth = (projectId: string) => readVerdict({ services, projectId });
  const { recoveryMs: recoverMs } = services.config.health;
  const projects = () => ring.projects.keys();
  const health = { projects, datasets: [requestLogs, healthSamples], recoverMs, readHealth };
  return [
    // It ends with the services, because there may be notices to send until then.
    { start: options.instances.start, stop: async () => undefined },
    whileRunning(() => ring.run(schedule)),
    whileRunning(() => held.run(schedule)),
    whileRunning(() => services.readTokens.run(schedule)),
    whileRunning(() => counters.run(schedule)),
    whileRunning(() => services.otlpStatus.run(schedule)),
    whileRunning(() => runProjectRemoval(createProjectRemoval(services), schedule, log)),
    whileRunning(() => runRetention(options)),
    whileRunning(() => runRollupWork(rollups, { schedule, log, lease: openLease(services, 'rollups') })),
    whileRunning(() =>
      runCorrections({ ...services, schedule, log, lease: openLease(services, 'corrections') }),
    ),
    ...mergeWriters(options),
    ...scheduledBackups(options),
    ...(coordination === null ? [] : [coordination]),
    ...(columns === null ? [] : [columns]),
    createRuleEvaluator(given),
    createHealthAlerts({ ...given, ...health }),
    deliverAlerts(options),
    ...watchItself(options),
  ];
}

/** One instance runs it for all. If that one dies, another starts it again. */
function runRetention({ services, schedule, log }: BackgroundOptions): Repetition {
  const { store, clock, ids, retention } = services;
  if (store.dialect === 'sqlite') return runHourly(retention, { clock, schedule, log });
  const lease = createLease({ store, clock, name: 'retention', holder: ids.next(), ...SHARED });
  const whileOthersWait = (work: () => Promise<void>) => whileHolding(lease, work);
  const isLeft = async () => (await lease.state()) === 'LEFT';
  return runHourly(retention, {
    ...{ clock, schedule, log },
    shared: { whileOthersWait, isLeft, pollIntervalMs: POLL_INTERVAL_MS },
  });
}

/** Only instances that share a database write parts of the same cells. */
function mergeWriters({ services, schedule, log }: BackgroundOptions): readonly BackgroundWork[] {
  if (services.store.dialect === 'sqlite') return [];
  const merge = createWriterMerge(services);
  const lease = openLease(services, 'cells', UNHURRIED);
  return [whileRunning(() => runWriterMerge(merge, { schedule, log, lease }))];
}

function watchItself(options: BackgroundOptions): readonly BackgroundWork[] {
  const { services, schedule, log, ring, readiness, open, columns } = options;
  const { config } = services;
  if (config.selfMonitoring === null) return [];
  const folder = folderOf(config.databaseUrl, config.columns.file);
  const monitoring = createSelfMonitoring({
    ...{ ...services, ...config.selfMonitoring, thresholds: config.health },
    projects: () => ring.projects.keys(),
    readFacts: createFactsReader({ ...services, columns, folder, readiness, open }),
    createRule: (projectId, rule) => createAlertRule({ services, projectId }, rule),
  });
  return [whileRunning(() => runSelfMonitoring(monitoring, schedule, log))];
}

/** Instances share a PostgreSQL database; an SQLite database has one process. */
function scheduledBackups({ services, schedule, log }: BackgroundOptions): BackgroundWork[] {
  const { config, store, clock, ids, backups } = services;
  const { schedule: pattern } = config.backups;
  if (pattern === null) return [];
  if (store.dialect === 'sqlite')
    return [
      whileRunning(() => runScheduledBackups({ backups, pattern, clock, schedule, log, shared: null })),
    ];
  const holder = ids.next();
  const made = (durationMs: number) => createLease({ store, clock, name: 'backups', holder, durationMs });
  const making = createLease({ store, clock, name: 'backups-under-way', holder, ...SHARED });
  const shared = {
    whileOthersWait: (work: () => Promise<void>) => whileHolding(making, work),
    isMade: async (untilNextMs: number) => (await made(untilNextMs).state()) === 'HELD',
    noteMade: async (untilNextMs: number) => void (await made(untilNextMs).hold()),
  };
  return [whileRunning(() => runScheduledBackups({ backups, pattern, clock, schedule, log, shared }))];
}

function deliverAlerts({ services, schedule, log }: BackgroundOptions): BackgroundWork {
  const { clock, config } = services;
  const sender = createSender({ clock, allowed: config.webhookAllowedAddresses, mail: config.mail });
  const deliveries = createDeliveries({ ...services, schedule, sender, log });
  return { start: deliveries.start, stop: () => deliveries.stop(config.shutdownGraceMs) };
}

function whileRunning(begin: () => Repetition): BackgroundWork {
  let repetition: Repetition | null = null;
  return {
    start() {
      repetition ??= begin();
    },
    stop: async () => repetition?.stop(),
  };
}
