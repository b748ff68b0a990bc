import type { Interval } from '../../../core/time/range.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/dataset/entity.ts';
import { loadEntities } from '../../../graphql/dataset/load.ts';
import { findNewestPerService, MAX_SERVICES } from '../../../graphql/dataset/newest-per-service.ts';
import { requestLogs } from '../../traffic/request-logs/definition.ts';
import { healthSamples } from '../health-samples/definition.ts';
import type { RequestCounts } from './findings.ts';
import { judgeService, type ServiceFacts, type ServiceHealth, type ServiceSample } from './judge-service.ts';

const SAMPLE_COLUMNS: Readonly<Record<Exclude<keyof ServiceSample, 'heardAt'>, true>> = {
  timestamp: true,
  overallStatus: true,
  cpuUsage: true,
  memoryUsage: true,
  diskUsage: true,
  apiLatencyMs: true,
  websocketConnections: true,
  errorCount: true,
};
const BUSIEST = { orderBy: { by: 'count', direction: 'desc' }, first: MAX_SERVICES } as const;

type ServiceName = Pick<ServiceFacts, 'service' | 'environment'>;

/** The services that have samples or, in the window, requests: by name, what names none last. */
export async function readServices(context: Context, window: Interval): Promise<readonly ServiceHealth[]> {
  const [samples, counts] = await Promise.all([readSamples(context), countByService(context, window)]);
  const facts = new Map<string, ServiceFacts>();
  const add = (name: ServiceName, known: Partial<ServiceFacts>) => {
    const key = JSON.stringify([name.service, name.environment]);
    const before = facts.get(key) ?? { ...name, sample: null, counts: { requests: 0, errors: 0 } };
    facts.set(key, { ...before, ...known });
  };
  for (const { name, sample } of samples) add(name, { sample });
  for (const { name, counts: found } of counts) add(name, { counts: found });
  const limits = context.services.config.health;
  return [...facts.values()].sort(byName).map((fact) => judgeService(fact, limits, window.to));
}

async function readSamples(context: Context) {
  const scope = { dataset: healthSamples, projectId: context.projectId, range: null };
  const newest = await findNewestPerService(context.services.store, scope);
  const ids = newest.map(({ id }) => id);
  const entities = await loadEntities(healthSamples, context, ids, { id: true, ...SAMPLE_COLUMNS });
  return newest.flatMap(({ id, service, environment, heardAt }) => {
    const entity = entities.get(id);
    // What retention removed in between is not there.
    return entity === undefined
      ? []
      : [{ name: { service, environment }, sample: toSample(entity, heardAt) }];
  });
}

function toSample(entity: Entity, heardAt: number): ServiceSample {
  const { timestamp, ...values } = entity as unknown as Omit<ServiceSample, 'timestamp' | 'heardAt'> & {
    readonly timestamp: Date;
  };
  return { ...values, timestamp: timestamp.getTime(), heardAt };
}

async function countByService({ projectId, services }: Context, range: Interval) {
  const scope = { dataset: requestLogs, projectId, range, filter: null };
  const { value } = await services.analytics.groups(scope, ['service', 'environment'], [], BUSIEST);
  return value.map(({ dimensions, stats }) => {
    const errors = stats.rowCount - (stats.successCount ?? 0);
    const counts: RequestCounts = { requests: stats.rowCount, errors };
    return { name: dimensions as unknown as ServiceName, counts };
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
