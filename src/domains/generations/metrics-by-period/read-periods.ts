import type { Series, Stats, WantedMeasure } from '../../../analytics/spec.ts';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import { InvalidArgument } from '../../../core/errors.ts';
import type { Filter } from '../../../core/filter.ts';
import { filterValue } from '../../../core/filter-value.ts';
import type { AskedRange, Interval } from '../../../core/time/range.ts';
import { bucketBoundaries } from '../../../core/time/zone.ts';
import { generations } from '../../../declarations/generations/generations.ts';
import { llmCalls } from '../../../declarations/llm/llm-calls.ts';
import type { Context } from '../../../graphql/context.ts';

export type MetricPeriod = 'DAY' | 'WEEK' | 'MONTH';

/** What happened in one calendar period. The statistics are there when they were wanted. */
export interface PeriodMetrics {
  readonly start: number;
  readonly end: number;
  readonly generations: Stats | null;
  readonly calls: Stats | null;
}

export interface PeriodQuestion {
  readonly period: MetricPeriod;
  readonly timeZone: string;
  readonly range: AskedRange;
  /** Null: of all providers. */
  readonly provider: string | null;
  readonly withGenerations: boolean;
  readonly withCalls: boolean;
}

const GENERATION_MEASURES: readonly WantedMeasure[] = [
  { measure: 'durationMs', quantiles: [0.95] },
  { measure: 'cost', quantiles: [] },
  { measure: 'totalTokens', quantiles: [] },
];
const CALL_MEASURES: readonly WantedMeasure[] = [
  { measure: 'latencyMs', quantiles: [] },
  { measure: 'cost', quantiles: [] },
  { measure: 'totalTokens', quantiles: [] },
];

/**
 * Every period that the range touches, the oldest first; of the first and the last only the part
 * within the range is counted. Periods of which nothing is kept are left out.
 *
 * @throws InvalidArgument for more than 1,000 periods.
 */
export async function readPeriods(
  { projectId, services: { analytics } }: Context,
  { period, timeZone, range, provider, withGenerations, withCalls }: PeriodQuestion,
): Promise<PeriodMetrics[]> {
  const boundaries = cut(range, period, timeZone);
  const filter = provider === null ? null : ofProvider(provider);
  const options = { grain: period, timeZone, dimensions: [], top: 1, fill: 'ZERO' } as const;
  const ask = async (
    isWanted: boolean,
    dataset: Dataset,
    measures: readonly WantedMeasure[],
  ): Promise<Series['points']> => {
    if (!isWanted) return [];
    const { value } = await analytics.series({ dataset, projectId, range, filter }, measures, options);
    return value[0]?.points ?? [];
  };
  const [made, called] = await Promise.all([
    ask(withGenerations, generations, GENERATION_MEASURES),
    ask(withCalls, llmCalls, CALL_MEASURES),
  ]);
  if (withGenerations || withCalls) return joinPeriods(made, called, withGenerations, withCalls);
  return boundaries.slice(1).map((end, index) => {
    return { start: boundaries[index] as number, end, generations: null, calls: null };
  });
}

const NOTHING: Stats = { rowCount: 0, successCount: 0, measures: new Map() };

/** The periods of both by their starts: one dataset may be kept for longer than the other. */
function joinPeriods(
  made: Series['points'],
  called: Series['points'],
  withGenerations: boolean,
  withCalls: boolean,
): PeriodMetrics[] {
  const periods = new Map([...made, ...called].map(({ start, end }) => [start, { start, end }]));
  const statsAt = (points: Series['points']) => new Map(points.map(({ start, stats }) => [start, stats]));
  const [generated, calls] = [statsAt(made), statsAt(called)];
  return [...periods.values()]
    .sort((one, other) => one.start - other.start)
    .map((bounds) => ({
      ...bounds,
      generations: withGenerations ? (generated.get(bounds.start) ?? NOTHING) : null,
      calls: withCalls ? (calls.get(bounds.start) ?? NOTHING) : null,
    }));
}

/**
 * The calendar's cuts, as a series has them; what is wrong with them is said of the argument that
 * callers of ours know.
 */
function cut(range: Interval, period: MetricPeriod, timeZone: string): number[] {
  try {
    return bucketBoundaries(range, period, timeZone);
  } catch (error) {
    if (error instanceof InvalidArgument && error.details['argument'] === 'grain') {
      throw new InvalidArgument(error.message, 'period');
    }
    throw error;
  }
}

function ofProvider(provider: string): Filter {
  const value = filterValue('text', 'eq', provider, 'provider');
  return { kind: 'test', field: 'provider', operator: 'eq', value, negated: false };
}
