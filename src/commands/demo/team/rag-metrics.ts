import { DAY_MS } from '../../../core/time/units.ts';
import { SERVICES } from '../catalog.ts';
import type { MonthOptions } from '../rhythm.ts';
import { trafficFactor } from '../rhythm.ts';
import { teamRandom } from './jobs.ts';
import { type TeamEvent, teamEvent } from './team-event.ts';
import { type Reporting, timesOf } from './times.ts';

const MONTH_MS = 30 * DAY_MS;
const FIRST_NUMBER = 300_000;

/** The stores that services retrieve from. Patterns are listed by frequency, highest first. */
const STORES = [
  {
    service: 'document-search',
    patterns: [
      'refund policy',
      'api authentication',
      'invoice export',
      'data retention',
      'rate limits',
      'single sign-on',
    ],
    queriesPerDay: 1280,
    growthPerDay: 35,
  },
  {
    service: 'support-chat',
    patterns: [
      'reset password',
      'refund policy',
      'delivery time',
      'change of address',
      'cancel subscription',
    ],
    queriesPerDay: 700,
    growthPerDay: 12,
  },
];

/** The metrics that the stores report in [from, to). */
export function playRagMetrics(month: MonthOptions, reporting: Reporting): TeamEvent[] {
  return STORES.flatMap((store, index) =>
    timesOf(reporting, index * 2300).map((at) => stateAt(month, at, { store, index })),
  );
}

function stateAt(
  month: MonthOptions,
  at: number,
  { store, index }: { readonly store: (typeof STORES)[number]; readonly index: number },
): TeamEvent {
  const { service, patterns, queriesPerDay, growthPerDay } = store;
  const random = teamRandom(month, FIRST_NUMBER + index, Math.floor(at / 1000));
  const rhythm = SERVICES.find((one) => one.service === service)?.rhythm ?? 'office';
  const days = Math.max(0, (at - month.anchor + MONTH_MS) / DAY_MS);
  const totalQueries = Math.floor(queriesPerDay * days);
  const totalPatterns = 900 + Math.floor(growthPerDay * days);
  return teamEvent(random, {
    part: 'ragMetrics',
    at,
    event: {
      service,
      environment: 'production',
      totalPatterns,
      totalQueries,
      averageResponseTimeMs: Math.round(random.logNormal(38, 0.2) * 10) / 10,
      hitRate: Math.round((0.8 + 0.12 * random.next()) * 1000) / 1000,
      memoryUsage: totalPatterns * 6144,
      queryVolumeLastHour: Math.round((queriesPerDay / 24) * trafficFactor(rhythm, month, at)),
      // Counts follow Zipf's law.
      topPatterns: patterns.map((pattern, rank) => ({
        pattern,
        count: Math.floor((0.3 * totalQueries) / (rank + 1)),
      })),
      recentQueries: Array.from({ length: 3 }, () => `How about ${random.pick(patterns)}?`),
    },
  });
}
