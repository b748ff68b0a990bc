import type { Series, Stats, WantedMeasure } from '../../../analytics/spec.ts';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import { defined } from '../../../core/defined.ts';
import { InvalidArgument } from '../../../core/errors.ts';
import type { Filter } from '../../../core/filter.ts';
import { textValue } from '../../../core/filter-value.ts';
import type { AskedRange, Interval } from '../../../core/time/range.ts';
import { bucketBoundaries } from '../../../core/time/zone.ts';
import { generations } from '../../../declarations/generations/generations.ts';
import { llmCalls } from '../../../declarations/llm/llm-calls.ts';
import type { Context } from '../../../graphql/context.ts';

export type MetricPeriod = 'DAY' | 'WEEK' | 'MONTH';

/** The statistics of one calendar period; null if they were not requested. */
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
  /** Null for all providers. */
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
 * Every period that the range touches, oldest first. The first and the last count only the part
 * within the range. Periods whose data has expired are omitted.
 */
export async function readPeriods(
  { projectId, services: { analytics } }: Context,
  { period, timeZone, range, provider, withGenerations, withCalls }: PeriodQuestion,
): Promise<PeriodMetrics[]> {
  const boundaries = cut(range, period, timeZone);
  const filter = provider === null ? null : ofProvider(provider);
  const options = { grain: period, timeZone, dimensions: [], top: 1, fill: 'ZERO' } as const;
  const ask = async (dataset: Dataset, measures: readonly WantedMeasure[]): Promise<Points> => {
    const { value } = await analytics.series({ dataset, projectId, range, filter }, measures, options);
    return value[0]?.points ?? [];
  };
  const [made, called] = await Promise.all([
    withGenerations ? ask(generations, GENERATION_MEASURES) : null,
    withCalls ? ask(llmCalls, CALL_MEASURES) : null,
  ]);
  if (made !== null || called !== null) return joinPeriods(made, called);
  return boundaries.slice(1).map((end, index) => {
    return { start: defined(boundaries[index]), end, generations: null, calls: null };
  });
}

type Points = Series['points'];

const NOTHING: Stats = { rowCount: 0, successCount: 0, measures: new Map() };

/**
 * Joins the periods of both datasets by their starts: one dataset may be kept longer than the
 * other. Null if the dataset was not requested.
 */
function joinPeriods(made: Points | null, called: Points | null): PeriodMetrics[] {
  const all = [...(made ?? []), ...(called ?? [])];
  const periods = new Map(all.map(({ start, end }) => [start, { start, end }]));
  const statsAt = (points: Points | null) =>
    points === null ? null : new Map(points.map(({ start, stats }) => [start, stats]));
  const [generated, calls] = [statsAt(made), statsAt(called)];
  return [...periods.values()]
    .sort((one, other) => one.start - other.start)
    .map((bounds) => ({
      ...bounds,
      generations: generated === null ? null : (generated.get(bounds.start) ?? NOTHING),
      calls: calls === null ? null : (calls.get(bounds.start) ?? NOTHING),
    }));
}

/**
 * The calendar boundaries of the periods, as in a series. An error about `grain` names the argument
 * `period` instead, which the caller knows.
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
  const value = textValue(provider, 'provider');
  return { kind: 'test', field: 'provider', operator: 'eq', value, negated: false };
}
