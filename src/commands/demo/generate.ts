import { defined } from '../../core/defined.ts';
import { MINUTE_MS } from '../../core/time/units.ts';
import type { Activity } from './activity.ts';
import { ENVIRONMENTS, SERVICES, type ServiceProfile } from './catalog.ts';
import { createRandom, type Random } from './random.ts';
import { playRequest } from './request.ts';
import { incidentOf, type MonthOptions, type Timeline, trafficFactor } from './rhythm.ts';
import { createWorkBook } from './work.ts';

const MINUTES_PER_DAY = 1440;

/** The events of a request, and when it began. */
export interface TimedActivity {
  readonly startedAt: number;
  readonly activity: Activity;
}

/**
 * Generates the requests that begin in [from, to), in time order. Every minute has its own random
 * sequence, so its events are the same in every run that contains it. `from` is rounded down to the
 * minute.
 */
export function* generateActivities(
  options: MonthOptions,
  from: number,
  to: number,
): Generator<TimedActivity> {
  const incident = incidentOf(options);
  const workBook = createWorkBook(options);
  for (let minute = Math.floor(from / MINUTE_MS); minute * MINUTE_MS < to; minute++) {
    const random = createRandom(options.seed, minute, Math.floor(options.anchor / 1000));
    for (const { profile, environment, startedAt } of drawArrivals(random, options, minute)) {
      const requestId = requestIdOf(options, random, startedAt);
      const work = workBook.at(profile, startedAt);
      const origin = { requestId, service: profile.service, environment, startedAt, work };
      const during = startedAt >= incident.from && startedAt < incident.to;
      const activity = playRequest(random, { profile, origin, incident: during });
      if (startedAt < to) yield { startedAt, activity };
    }
  }
}

interface Arrival {
  readonly profile: ServiceProfile;
  readonly environment: string;
  readonly startedAt: number;
}

function drawArrivals(random: Random, options: MonthOptions, minute: number): Arrival[] {
  const start = minute * MINUTE_MS;
  const arrivals: Arrival[] = [];
  for (const profile of SERVICES) {
    const perMinute =
      (profile.requestsPerDay / MINUTES_PER_DAY) * trafficFactor(profile.rhythm, options, start);
    for (const { environment, share } of ENVIRONMENTS) {
      const count = random.poisson(perMinute * share * options.scale);
      for (let index = 0; index < count; index++) {
        arrivals.push({ profile, environment, startedAt: start + random.integer(0, MINUTE_MS - 1) });
      }
    }
  }
  return arrivals.sort((one, other) => one.startedAt - other.startedAt);
}

/** A request of the live trickle. It may be recorded once it has ended. */
export interface LiveActivity extends TimedActivity {
  readonly endsAt: number;
}

/** Generates one request that begins at the instant, during an incident or not. */
export type LiveGenerator = (startedAt: number, incident: boolean) => LiveActivity;

/** Creates a generator that draws from `random`. */
export function createLiveGenerator(random: Random, options: MonthOptions): LiveGenerator {
  const workBook = createWorkBook(options);
  return (startedAt, incident) => {
    const weights = SERVICES.map((profile) => ({
      profile,
      weight: profile.requestsPerDay * trafficFactor(profile.rhythm, options, startedAt),
    }));
    const { profile } = random.weighted(weights);
    const { environment } = random.weighted(ENVIRONMENTS.map((one) => ({ ...one, weight: one.share })));
    const requestId = requestIdOf(options, random, startedAt);
    const work = workBook.at(profile, startedAt);
    const origin = { requestId, service: profile.service, environment, startedAt, work };
    const activity = playRequest(random, { profile, origin, incident });
    return { startedAt, activity, endsAt: startedAt + Number(defined(activity.requestLogs[0]).latencyMs) };
  };
}

/**
 * The request id begins with the anchor of the month, so that a later run that finds demo rows
 * knows which month they belong to.
 */
function requestIdOf({ anchor }: Timeline, random: Random, startedAt: number): string {
  const nonce = Math.floor(random.next() * 36 ** 6)
    .toString(36)
    .padStart(6, '0');
  return `demo-${anchor.toString(36)}-${startedAt.toString(36)}-${nonce}`;
}

/** The anchor in a demo request id. Null if the id is not of the demo. */
export function anchorOf(requestId: string): number | null {
  const match = /^demo-([0-9a-z]{6,10})-[0-9a-z]+-[0-9a-z]{6}$/.exec(requestId);
  return match === null ? null : Number.parseInt(defined(match[1]), 36);
}
