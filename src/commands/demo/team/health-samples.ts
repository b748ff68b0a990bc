import { assess, type HealthStatus, worstOf } from '../../../core/health-status.ts';
import { DAY_MS, MINUTE_MS } from '../../../core/time/units.ts';
import { INCIDENT_PROVIDER, SERVICES, type ServiceProfile } from '../catalog.ts';
import type { Random } from '../random.ts';
import type { MonthOptions } from '../rhythm.ts';
import { incidentOf, trafficFactor } from '../rhythm.ts';
import { teamRandom } from './jobs.ts';
import { type TeamEvent, teamEvent } from './team-event.ts';
import { type Reporting, timesOf } from './times.ts';

const MONTH_MS = 30 * DAY_MS;
const FIRST_NUMBER = 200_000;
/** The service that rebuilds its index every few minutes, with high CPU usage meanwhile. */
const INDEXER = 'document-search';
const INDEXING_PERIOD_MS = 6 * MINUTE_MS;
const INDEXING_MS = MINUTE_MS;
const PERCENT = { degraded: 85, unhealthy: 95 };
const ERRORS = { degraded: 5, unhealthy: 20 };

/** The health samples that the services report in [from, to). */
export function playHealthSamples(month: MonthOptions, reporting: Reporting): TeamEvent[] {
  return SERVICES.flatMap((profile, index) =>
    timesOf(reporting, index * 1700).map((at) => sampleAt(month, at, { profile, index })),
  );
}

function sampleAt(
  month: MonthOptions,
  at: number,
  { profile, index }: { readonly profile: ServiceProfile; readonly index: number },
): TeamEvent {
  const random = teamRandom(month, FIRST_NUMBER + index, Math.floor(at / 1000));
  const load = trafficFactor(profile.rhythm, month, at);
  const hit = isHit(month, profile, at);
  const indexing = profile.service === INDEXER && at % INDEXING_PERIOD_MS >= INDEXING_PERIOD_MS - INDEXING_MS;
  const use = {
    cpuUsage: percent(
      indexing ? 86 + 6 * random.next() : 12 + 16 * load + random.logNormal(5, 0.5),
      indexing ? 94 : 80,
    ),
    memoryUsage: percent(44 + 5 * index + 4 * load + 3 * random.next(), 82),
    // Disks fill up over the month.
    diskUsage: percent(38 + 6 * index + 12 * monthShare(month, at), 82),
  };
  const errorCount = random.poisson(hit ? 11 : 0.3);
  return teamEvent(random, {
    part: 'healthSamples',
    at,
    event: {
      service: profile.service,
      environment: 'production',
      overallStatus: statusOf(use, errorCount),
      ...use,
      errorCount,
      apiLatencyMs: latency(random, profile, hit),
      websocketConnections: profile.streams > 0 ? random.poisson(12 * load) : undefined,
      details: indexing ? { indexing: true } : undefined,
    },
  });
}

/** Whether the incident affects the service: it calls models of the provider that fails. */
function isHit(month: MonthOptions, { models }: ServiceProfile, at: number): boolean {
  const { from, to } = incidentOf(month);
  return at >= from && at < to && models.some(({ provider }) => provider === INCIDENT_PROVIDER);
}

function statusOf(use: Readonly<Record<string, number>>, errorCount: number): HealthStatus {
  return worstOf([assess(errorCount, ERRORS), ...Object.values(use).map((value) => assess(value, PERCENT))]);
}

function latency(random: Random, { maxSteps }: ServiceProfile, hit: boolean): number {
  return Math.round(random.logNormal(14 * maxSteps, 0.3) * (hit ? 4 : 1) * 10) / 10;
}

/** Position in the month: 0 at its beginning, 1 at its end and afterwards. */
function monthShare({ anchor }: MonthOptions, at: number): number {
  return Math.min(1, Math.max(0, 1 - (anchor - at) / MONTH_MS));
}

function percent(value: number, most: number): number {
  return Math.round(Math.min(most, value) * 10) / 10;
}
