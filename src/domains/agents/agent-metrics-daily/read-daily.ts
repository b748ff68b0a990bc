import type { Stats } from '../../../analytics/spec.ts';
import { defined } from '../../../core/defined.ts';
import { InvalidArgument } from '../../../core/errors.ts';
import type { Filter } from '../../../core/filter.ts';
import { textValue } from '../../../core/filter-value.ts';
import { MAX_DAYS } from '../../../core/time/last-days.ts';
import type { AskedRange } from '../../../core/time/range.ts';
import { DAY_MS } from '../../../core/time/units.ts';
import { bucketBoundaries } from '../../../core/time/zone.ts';
import { agentMetrics } from '../../../declarations/agents/agent-metrics.ts';
import type { Context } from '../../../graphql/context.ts';

/** The metrics of an agent on one calendar day. */
export interface AgentMetricsDay {
  readonly agentId: string;
  /** Epoch milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly stats: Stats;
}

export interface DailyQuestion {
  readonly range: AskedRange;
  readonly timeZone: string;
  /** Null for the `first` agents with the most samples. */
  readonly agentId: string | null;
  readonly first: number;
}

export const MAX_AGENTS = 50;
const MEASURES = ['cpuUsage', 'memoryPercent', 'memoryUsage'].map((measure) => ({ measure, quantiles: [] }));

/**
 * The calendar days that the range touches, as whole days, for each agent with samples in them:
 * oldest first, then by agent. Only whole days outlive the rows: UTC days as day cells, days of
 * other time zones as hour cells.
 *
 * @throws InvalidArgument for a range of more than 1,000 days, for `first` outside 1 to 50, and for
 *   an `exact` range if the data of its days has expired.
 */
export async function readDaily(
  { projectId, services }: Context,
  { range, timeZone, agentId, first }: DailyQuestion,
): Promise<AgentMetricsDay[]> {
  if (!(first >= 1 && first <= MAX_AGENTS)) {
    throw new InvalidArgument(`\`first\` must be between 1 and ${MAX_AGENTS}, not ${first}.`, 'first');
  }
  const scope = {
    dataset: agentMetrics,
    projectId,
    range: wholeDays(range, timeZone),
    filter: agentId === null ? null : isAgent(agentId),
  };
  const options = { grain: 'DAY', timeZone, dimensions: ['agentId'], top: first, fill: 'NONE' } as const;
  const { value } = await services.analytics.series(scope, MEASURES, options);
  const days = value
    .filter(({ other }) => !other)
    .flatMap(({ dimensions, points }) =>
      points.map((point) => ({ agentId: String(dimensions['agentId']), ...point })),
    );
  return days.sort((one, other) => one.start - other.start || (one.agentId < other.agentId ? -1 : 1));
}

/** @throws InvalidArgument at `range` if it touches too many days */
function wholeDays(range: AskedRange, timeZone: string): AskedRange {
  const isLong = range.to - range.from > MAX_DAYS * DAY_MS;
  // A range of this length may begin and end within a day.
  const boundaries = isLong ? [] : bucketBoundaries(range, 'DAY', timeZone, MAX_DAYS + 2);
  if (isLong || boundaries.length - 1 > MAX_DAYS) {
    throw new InvalidArgument(
      `The range touches more than ${MAX_DAYS.toLocaleString('en')} days. Ask for a shorter one.`,
      'range',
    );
  }
  return { ...range, from: defined(boundaries[0]), to: defined(boundaries.at(-1)) };
}

function isAgent(agentId: string): Filter {
  const value = textValue(agentId, 'agentId');
  return { kind: 'test', field: 'agentId', operator: 'eq', value, negated: false };
}
