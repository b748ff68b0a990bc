import type { Source, Stats, WantedMeasure } from '../../../analytics/spec.ts';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import type { Filter } from '../../../core/filter.ts';
import type { AskedRange, Interval } from '../../../core/time/range.ts';
import { agentStatusFilter, agents } from '../../../declarations/agents/agents.ts';
import { alerts, NOT_RESOLVED } from '../../../declarations/alerts/alerts.ts';
import { generations } from '../../../declarations/generations/generations.ts';
import { llmCalls } from '../../../declarations/llm/llm-calls.ts';
import { errorLogs } from '../../../declarations/traffic/error-logs.ts';
import { requestLogs } from '../../../declarations/traffic/request-logs.ts';
import { type Asked, answered, sourceOf } from '../../../graphql/analytics/source.ts';
import {
  knownSumOfAll,
  meanOf,
  quantileOf,
  rate,
  sumOf,
  unknownCount,
} from '../../../graphql/analytics/stats-values.ts';
import type { Context } from '../../../graphql/context.ts';
import { countRows } from '../../../lists/list-page.ts';

/** The numbers at the top of a dashboard. Rates are from 0 to 1, cost is in USD. */
export interface SummaryNumbers {
  readonly requests: number;
  readonly errors: number;
  readonly llmCalls: number;
  readonly unpricedLlmCalls: number;
  readonly successRate: number | null;
  readonly tokens: number;
  readonly totalCost: number | null;
  readonly averageLatencyMs: number | null;
  readonly p95LatencyMs: number | null;
  readonly cacheHitRate: number | null;
  readonly generations: number;
  readonly unpricedGenerations: number;
  readonly generationSuccessRate: number | null;
  readonly activeAgents: number;
  readonly openAlerts: number;
}

/** Only the wanted numbers are present. */
export interface Summary extends Partial<SummaryNumbers> {
  readonly range: Interval;
  /** The source of the numbers over the range; null if none was wanted. */
  readonly source: Source | null;
}

const OF_CALLS: readonly (keyof SummaryNumbers)[] = [
  'llmCalls',
  'unpricedLlmCalls',
  'successRate',
  'tokens',
  'totalCost',
  'averageLatencyMs',
  'p95LatencyMs',
  'cacheHitRate',
];
const OF_GENERATIONS: readonly (keyof SummaryNumbers)[] = [
  'generations',
  'unpricedGenerations',
  'generationSuccessRate',
  'totalCost',
];
const CALL_MEASURES: readonly WantedMeasure[] = [
  { measure: 'totalTokens', quantiles: [] },
  { measure: 'cost', quantiles: [] },
  { measure: 'latencyMs', quantiles: [0.95] },
];
const GENERATION_MEASURES: readonly WantedMeasure[] = [{ measure: 'cost', quantiles: [] }];
const CACHED: Filter = { kind: 'test', field: 'cached', operator: 'eq', value: true, negated: false };

/**
 * Asks each dataset at most one question for all wanted numbers, and one more for the cached calls.
 */
export async function readSummary(
  { projectId, services }: Context,
  range: AskedRange,
  wanted: ReadonlySet<string>,
): Promise<Summary> {
  const asked: Asked = [];
  const isWanted = (names: readonly (keyof SummaryNumbers)[]) => names.some((name) => wanted.has(name));
  const ask = (
    dataset: Dataset,
    measures: readonly WantedMeasure[] = [],
    filter: Filter | null = null,
  ): Promise<Stats> =>
    answered(asked, services.analytics.totals({ dataset, projectId, range, filter }, measures));
  const [requests, errors, calls, cachedCalls, made, activeAgents, openAlerts] = await Promise.all([
    isWanted(['requests']) ? ask(requestLogs) : undefined,
    isWanted(['errors']) ? ask(errorLogs) : undefined,
    isWanted(OF_CALLS) ? ask(llmCalls, CALL_MEASURES) : undefined,
    isWanted(['cacheHitRate']) ? ask(llmCalls, [], CACHED) : undefined,
    isWanted(OF_GENERATIONS) ? ask(generations, GENERATION_MEASURES) : undefined,
    isWanted(['activeAgents']) ? countActiveAgents(projectId, services) : undefined,
    isWanted(['openAlerts'])
      ? countRows(services.store, { table: alerts, projectId, filter: NOT_RESOLVED })
      : undefined,
  ]);
  const source = asked.length === 0 ? null : await sourceOf(asked);
  return {
    range: source?.range ?? range,
    source,
    ...(requests && { requests: requests.rowCount }),
    ...(errors && { errors: errors.rowCount }),
    ...(calls && callNumbers(calls)),
    ...(calls && made && { totalCost: knownSumOfAll([calls, made], 'cost') }),
    ...(calls && cachedCalls && { cacheHitRate: rate(cachedCalls.rowCount, calls.rowCount) }),
    ...(made && {
      generations: made.rowCount,
      unpricedGenerations: unknownCount(made, 'cost'),
      generationSuccessRate: rate(made.successCount, made.rowCount),
    }),
    ...(activeAgents !== undefined && { activeAgents }),
    ...(openAlerts !== undefined && { openAlerts }),
  };
}

function countActiveAgents(
  projectId: string,
  { store, clock, config }: Context['services'],
): Promise<number> {
  const filter = agentStatusFilter(['ACTIVE'], clock.now(), config.agentOfflineMs);
  return countRows(store, { table: agents, projectId, filter });
}

function callNumbers(calls: Stats) {
  return {
    llmCalls: calls.rowCount,
    unpricedLlmCalls: unknownCount(calls, 'cost'),
    successRate: rate(calls.successCount, calls.rowCount),
    tokens: sumOf(calls, 'totalTokens'),
    averageLatencyMs: meanOf(calls, 'latencyMs'),
    p95LatencyMs: quantileOf(calls, 'latencyMs', 0.95),
  };
}
