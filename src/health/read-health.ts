import type { Interval } from '../core/time/range.ts';
import { OWN_SERVICE } from '../declarations/health/own-service.ts';
import { requestLogs } from '../declarations/traffic/request-logs.ts';
import type { ProcessLoad } from '../runtime/process-load.ts';
import type { ServiceHealth } from './assess-service.ts';
import { decideHealth, type Finding, type HealthDecision } from './decide-health.ts';
import { findErrorRate, findEventLoopDelay, findInFolder, type RequestCounts } from './findings.ts';
import type { HealthScope } from './health-services.ts';
import { readCoordination } from './read-coordination.ts';
import { readServices } from './read-services.ts';

/** The parts that are read only on request. */
export interface HealthFacts extends HealthDecision {
  readonly counts: RequestCounts;
  readonly services: readonly ServiceHealth[];
}

export interface Health extends Partial<HealthFacts> {
  readonly window: Interval;
  readonly resources: ProcessLoad;
  /** Epoch milliseconds. */
  readonly checkedAt: number;
}

export type HealthPart = keyof HealthFacts;

/**
 * A server that has just started loads and compiles, so the delay of its event loop says nothing
 * yet.
 */
const SETTLED_AFTER_SECONDS = 60;

const VERDICT: readonly HealthPart[] = ['status', 'reasons'];

/** The current health of the project: only the requested parts. A verdict needs all of them. */
export async function readHealth(
  scope: HealthScope,
  wanted: readonly HealthPart[] = VERDICT,
): Promise<Health> {
  const { clock, config, processLoad } = scope.services;
  const checkedAt = clock.now();
  const window = { from: checkedAt - config.health.windowMs, to: checkedAt };
  const resources = processLoad.read();
  const needs = (part: HealthPart) => [...VERDICT, part].some((name) => wanted.includes(name));
  const [counts, services] = await Promise.all([
    needs('counts') ? countRequests(scope, window) : undefined,
    needs('services') ? readServices(scope, window) : undefined,
  ]);
  const known = { window, resources, checkedAt, ...(counts && { counts }), ...(services && { services }) };
  if (counts === undefined || services === undefined) return known;
  const findings: readonly Finding[] = [
    findErrorRate(counts, config.health),
    ...(resources.uptimeSeconds < SETTLED_AFTER_SECONDS
      ? []
      : findEventLoopDelay(resources.eventLoopDelayMs, config.health.eventLoopDelayMs)),
    ...findInServices(services, counts),
    ...findInFolder(readCoordination(scope)?.problems ?? []),
  ];
  return { ...known, ...decideHealth(findings) };
}

/** Only the status and its reasons. */
export async function readVerdict(scope: HealthScope): Promise<HealthDecision> {
  const { status, reasons } = await readHealth(scope, VERDICT);
  if (status === undefined || reasons === undefined)
    throw new Error('A verdict was asked for, and not given');
  return { status, reasons };
}

async function countRequests({ projectId, services }: HealthScope, range: Interval): Promise<RequestCounts> {
  const scope = { dataset: requestLogs, projectId, range, filter: null };
  const { rowCount, successCount } = (await services.analytics.totals(scope, [])).value;
  return { requests: rowCount, errors: rowCount - (successCount ?? 0) };
}

/**
 * What is wrong with services. If one service has all requests, its error rate is that of the
 * project, and is not reported twice. The assessing server is not a service of the project.
 */
function findInServices(services: readonly ServiceHealth[], { requests }: RequestCounts): Finding[] {
  return services
    .filter(({ service }) => service !== OWN_SERVICE)
    .flatMap(({ bySample, byRequests, counts }) =>
      counts.requests < requests ? [...bySample, ...byRequests] : bySample,
    );
}
