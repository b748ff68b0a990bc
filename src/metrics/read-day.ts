import type { Analytics } from '../analytics/analytics.ts';
import type { Group, Stats } from '../analytics/spec.ts';
import { DAY_MS } from '../core/time/units.ts';
import type { DayTotals } from './day-growth.ts';
import { OTHER } from './few-series.ts';
import type { ProjectQuestion } from './project-questions.ts';

/** The maximum of an analytics answer. */
const MAX_GROUPS = 1_000;
const MAX_FIRST = { by: 'count', direction: 'desc' } as const;

/** A day of a project. */
export interface ProjectDay {
  readonly projectId: string;
  /** The UTC midnight at which it begins, in epoch milliseconds. */
  readonly day: number;
}

/**
 * The totals of a whole UTC day by groups, from the cells of the day. Groups beyond a thousand are
 * merged.
 */
export async function readDay(
  analytics: Pick<Analytics, 'groups' | 'totals'>,
  { dataset, dimensions, measures, counters }: ProjectQuestion,
  { projectId, day }: ProjectDay,
): Promise<DayTotals[]> {
  const scope = { dataset, projectId, range: { from: day, to: day + DAY_MS }, filter: null };
  const wanted = measures.map((measure) => ({ measure, quantiles: [], totals: ['sum'] as const }));
  const count = (stats: Stats) => counters.map((counter) => counter.of(stats));
  const options = { dimensions, orderBy: MAX_FIRST, first: MAX_GROUPS };
  const { value: groups } = await analytics.groups(scope, wanted, options);
  const found = groups.map(({ dimensions: values, stats }) => ({
    labels: dimensions.map((name) => labelOf(values[name])),
    totals: count(stats),
  }));
  if (found.length < MAX_GROUPS) return found;
  const { value: all } = await analytics.totals(scope, wanted);
  const shown = counters.map((_, at) => found.reduce((total, { totals }) => total + (totals[at] ?? 0), 0));
  const rest = count(all).map((total, at) => total - (shown[at] ?? 0));
  return [...found, { labels: dimensions.map(() => OTHER), totals: rest }];
}

/** An event without a value gets an empty label, which Prometheus treats as absent. */
const labelOf = (value: Group['dimensions'][string] | undefined): string => String(value ?? '');
