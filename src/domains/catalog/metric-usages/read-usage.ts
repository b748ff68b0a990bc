import type { Group, Scope, Series, Stats } from '../../../analytics/spec.ts';
import { checkBetween } from '../../../core/check-between.ts';
import { textOf } from '../../../core/dataset/named-values.ts';
import { lastDays, MAX_DAYS } from '../../../core/time/last-days.ts';
import type { Interval } from '../../../core/time/range.ts';
import { metricUsages } from '../../../declarations/catalog/metric-usages.ts';
import { type Asked, answered } from '../../../graphql/analytics/source.ts';
import type { Context } from '../../../graphql/context.ts';
import { ofMetric } from '../catalog.ts';

const MAX_USERS = 100;
const EACH_DAY = { grain: 'DAY', dimensions: [], top: 1, fill: 'ZERO' } as const;
const USERS = {
  dimensions: ['usedBy'],
  orderBy: { by: 'count', direction: 'desc' },
  first: MAX_USERS,
} as const;

/** Which uses to read. */
export interface UsageQuestion {
  readonly metricId: string;
  /** Calendar days, today included. */
  readonly days: number;
  /** The time zone of the calendar days. */
  readonly timeZone: string;
}

/** The uses of a metric on some days. Only selected fields are computed. */
export interface Usage {
  readonly metricId: string;
  readonly range: Interval;
  /** The questions asked so far. */
  readonly asked: Asked;
  total(): Promise<number>;
  /** A point per day, oldest first; days whose data has expired are omitted. */
  days(): Promise<Series['points']>;
  /** Most uses first. */
  users(): Promise<readonly UserOfMetric[]>;
}

export interface UserOfMetric {
  readonly usedBy: string;
  readonly uses: number;
  /** Share of all uses on these days, 0 to 1. */
  readonly share: number;
}

/**
 * @throws InvalidArgument at `days` unless it is 1 to 1,000, and at `metricId` for a value that
 *   cannot be an id.
 */
export function readUsage(context: Context, { metricId, days, timeZone }: UsageQuestion): Usage {
  const { projectId, services } = context;
  const { analytics, clock } = services;
  checkBetween(days, MAX_DAYS, 'days');
  const range = lastDays(days, timeZone, clock.now());
  const scope: Scope = { dataset: metricUsages, projectId, range, filter: ofMetric(metricId) };
  const asked: Asked = [];
  let counted: Promise<number> | undefined;
  const total = () => (counted ??= countOf(answered(asked, analytics.totals(scope, []))));
  return {
    metricId,
    range,
    asked,
    total,
    days: () => daysOf(answered(asked, analytics.series(scope, [], { ...EACH_DAY, timeZone }))),
    users: () => usersOf(total(), answered(asked, analytics.groups(scope, [], USERS))),
  };
}

const countOf = async (totals: Promise<Stats>): Promise<number> => (await totals).rowCount;

async function daysOf(series: Promise<readonly Series[]>): Promise<Series['points']> {
  const [all] = await series;
  return all?.points ?? [];
}

async function usersOf(
  counting: Promise<number>,
  groups: Promise<readonly Group[]>,
): Promise<UserOfMetric[]> {
  const [total, users] = await Promise.all([counting, groups]);
  // New events may have been stored since the total was counted.
  const all = Math.max(
    total,
    users.reduce((sum, { stats }) => sum + stats.rowCount, 0),
  );
  return users.map(({ dimensions, stats }) => ({
    usedBy: textOf(dimensions, 'usedBy'),
    uses: stats.rowCount,
    share: stats.rowCount / all,
  }));
}
