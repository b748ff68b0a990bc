import { optionalTextOf } from '../core/dataset/named-values.ts';
import { columnOf } from '../core/dataset/table.ts';
import type { Interval } from '../core/time/range.ts';
import { healthSamples } from '../declarations/health/health-samples.ts';
import { requestLogs } from '../declarations/traffic/request-logs.ts';
import { findNewestPerService, MAX_SERVICES } from '../lists/newest-per-service.ts';
import { readRows } from '../lists/stored-rows.ts';
import {
  assessService,
  type ServiceFacts,
  type ServiceHealth,
  type ServiceSample,
} from './assess-service.ts';
import type { RequestCounts } from './findings.ts';
import type { HealthScope } from './health-services.ts';

const SAMPLE_COLUMNS = [
  'timestamp',
  'overallStatus',
  'cpuUsage',
  'memoryUsage',
  'diskUsage',
  'apiLatencyMs',
  'websocketConnections',
  'errorCount',
] as const satisfies readonly Exclude<keyof ServiceSample, 'lastSeenAt'>[];

/** A sample as stored. */
interface StoredSample
  extends Omit<ServiceSample, 'timestamp' | 'lastSeenAt'>,
    Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly timestamp: Date;
}

const BUSIEST = {
  dimensions: ['service', 'environment'],
  orderBy: { by: 'count', direction: 'desc' },
  first: MAX_SERVICES,
} as const;

type ServiceName = Pick<ServiceFacts, 'service' | 'environment'>;

/**
 * The services that have samples, or requests in the window, by name. Data without a service name
 * comes last.
 */
export async function readServices(scope: HealthScope, window: Interval): Promise<readonly ServiceHealth[]> {
  const [samples, counts] = await Promise.all([readSamples(scope), countByService(scope, window)]);
  const facts = new Map<string, ServiceFacts>();
  const add = (name: ServiceName, known: Partial<ServiceFacts>) => {
    const key = JSON.stringify([name.service, name.environment]);
    const before = facts.get(key) ?? { ...name, sample: null, counts: { requests: 0, errors: 0 } };
    facts.set(key, { ...before, ...known });
  };
  for (const { name, sample } of samples) add(name, { sample });
  for (const { name, counts: found } of counts) add(name, { counts: found });
  const limits = scope.services.config.health;
  return [...facts.values()].sort(byName).map((fact) => assessService(fact, limits, window.to));
}

async function readSamples({ projectId, services: { store } }: HealthScope) {
  const newest = await findNewestPerService(store, { dataset: healthSamples, projectId, range: null });
  const ids = newest.map(({ id }) => id);
  const columns = SAMPLE_COLUMNS.map((name) => columnOf(healthSamples, name));
  const found = await readRows(store, { table: healthSamples, projectId, ids }, columns);
  const samples = new Map((found as StoredSample[]).map((sample) => [sample.id, sample]));
  return newest.flatMap(({ id, service, environment, lastSeenAt }) => {
    const sample = samples.get(id);
    // Retention may have removed the sample meanwhile.
    if (sample === undefined) return [];
    const timestamp = sample.timestamp.getTime();
    return [{ name: { service, environment }, sample: { ...sample, timestamp, lastSeenAt } }];
  });
}

async function countByService({ projectId, services }: HealthScope, range: Interval) {
  const scope = { dataset: requestLogs, projectId, range, filter: null };
  const { value } = await services.analytics.groups(scope, [], BUSIEST);
  return value.map(({ dimensions, stats }) => {
    const errors = stats.rowCount - (stats.successCount ?? 0);
    const counts: RequestCounts = { requests: stats.rowCount, errors };
    const name = {
      service: optionalTextOf(dimensions, 'service'),
      environment: optionalTextOf(dimensions, 'environment'),
    };
    return { name, counts };
  });
}

function byName(one: ServiceName, other: ServiceName): number {
  return compare(one.service, other.service) || compare(one.environment, other.environment);
}

function compare(one: string | null, other: string | null): number {
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? 1 : -1;
  return one < other ? -1 : 1;
}
