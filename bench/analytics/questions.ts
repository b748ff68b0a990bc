import { DAY_MS, DAYS, END } from './rows.ts';

/**
 * One row of an answer: its key and its numbers. Counts and sums must agree exactly, quantiles
 * within 1 %.
 */
export interface AnswerRow {
  readonly key: string;
  readonly exact: readonly number[];
  /** Latency quantiles, in the order of `Question.quantiles`. */
  readonly quantiles: readonly number[];
}

/** The same question in GraphQL and in the SQL of SQLite and DuckDB. */
export interface Question {
  readonly name: string;
  /** How many times faster than DuckDB Telltale must be at 5 M rows. */
  readonly bar: number;
  readonly from: number;
  readonly to: number;
  readonly quantiles: readonly number[];
  readonly graphql: string;
  /** Rows from `data` of the answer. */
  read(data: Record<string, unknown>): AnswerRow[];
  /** SQLite's SQL: the first column is the key, then the exact numbers, then the quantiles. */
  readonly sqlite: string;
  readonly duckdb: string;
  /** DuckDB: key and sorted latencies, to check quantiles against their neighbours. */
  readonly duckdbValues: string;
}

export const NANO = 1e9;
const FIVE_MINUTES_MS = 300_000;

export interface GraphqlStats {
  readonly count: number;
  readonly cost?: { readonly sum: number };
  readonly latencyMs: { readonly avg: number | null } & Readonly<Record<string, number | null>>;
  readonly totalTokens?: { readonly sum: number };
  readonly successRate?: number;
}

export interface GraphqlSeries {
  readonly dimensions?: Readonly<Record<string, string | null>>;
  readonly points: readonly { readonly start: string; readonly stats: GraphqlStats }[];
}

export function rangeArguments(from: number, to: number): string {
  return `range: { from: "${new Date(from).toISOString()}", to: "${new Date(to).toISOString()}" }`;
}

/** Both peers have the columns of Telltale: times in epoch milliseconds, costs in nano-USD. */
export function where(from: number, to: number): string {
  return `project_id = 'default' and timestamp >= ${from} and timestamp < ${to}`;
}

function dailyByProvider(): Question {
  const [from, to] = [END - DAYS * DAY_MS, END];
  const day = (divide: string) => `provider || ' ' || ((timestamp ${divide} ${DAY_MS}) * ${DAY_MS})`;
  const sql = (divide: string) =>
    `select ${day(divide)} as key, count(*), sum(cost_nano_usd), avg(latency_ms)
     from llm_calls where ${where(from, to)} group by provider, timestamp ${divide} ${DAY_MS}`;
  return {
    name: 'daily series by provider, 30 days',
    bar: 5,
    from,
    to,
    quantiles: [],
    graphql: `{ llmCallAnalytics(${rangeArguments(from, to)}) { series(grain: DAY) {
      dimensions { provider } points { start stats { count cost { sum } latencyMs { avg } } } } source { kind grain rowsRead } } }`,
    read(data) {
      const { series } = (data as { llmCallAnalytics: { series: readonly GraphqlSeries[] } })
        .llmCallAnalytics;
      return series.flatMap(({ dimensions, points }) =>
        points
          .filter(({ stats }) => stats.count > 0)
          .map(({ start, stats }) => ({
            key: `${dimensions?.['provider']} ${Math.floor(Date.parse(start) / DAY_MS) * DAY_MS}`,
            exact: [stats.count, Math.round((stats.cost?.sum ?? 0) * NANO), stats.latencyMs.avg as number],
            quantiles: [],
          })),
      );
    },
    sqlite: sql('/'),
    duckdb: sql('//'),
    duckdbValues: '',
  };
}

function lastDayAtFiveMinutes(): Question {
  const [from, to] = [END - DAY_MS, END];
  const bucket = (divide: string) => `(timestamp ${divide} ${FIVE_MINUTES_MS}) * ${FIVE_MINUTES_MS}`;
  const quantiles = [0.5, 0.95, 0.99];
  return {
    name: 'last 24 h at 5 minutes, p50 p95 p99',
    bar: 1,
    from,
    to,
    quantiles,
    graphql: `{ llmCallAnalytics(${rangeArguments(from, to)}) { series(grain: FIVE_MINUTES) {
      points { start stats { count latencyMs { p50 p95 p99 } } } } source { kind grain rowsRead } } }`,
    read(data) {
      const { series } = (data as { llmCallAnalytics: { series: readonly GraphqlSeries[] } })
        .llmCallAnalytics;
      return series.flatMap(({ points }) =>
        points
          .filter(({ stats }) => stats.count > 0)
          .map(({ start, stats: { count, latencyMs } }) => ({
            key: String(Math.floor(Date.parse(start) / FIVE_MINUTES_MS) * FIVE_MINUTES_MS),
            exact: [count],
            quantiles: [latencyMs.p50, latencyMs.p95, latencyMs.p99] as number[],
          })),
      );
    },
    sqlite: `select ${bucket('/')} as key, count(*), ${quantiles.map((p) => `percentile_cont(latency_ms, ${p})`).join(', ')}
      from llm_calls where ${where(from, to)} group by key`,
    duckdb: `select ${bucket('//')} as key, count(*), ${quantiles.map((p) => `quantile_cont(latency_ms, ${p})`).join(', ')}
      from llm_calls where ${where(from, to)} group by key`,
    duckdbValues: `select ${bucket('//')} as key, list_sort(list(latency_ms)) from llm_calls where ${where(from, to)} group by key`,
  };
}

function weekByProvider(): Question {
  const [from, to] = [END - 7 * DAY_MS, END];
  const sql = (quantile: string) =>
    `select provider as key, count(*), sum(case when success then 1 else 0 end), sum(total_tokens), sum(cost_nano_usd),
       avg(latency_ms), ${quantile}(latency_ms, 0.95) from llm_calls where ${where(from, to)} group by provider`;
  return {
    name: 'provider stats, 7 days, p95',
    bar: 5,
    from,
    to,
    quantiles: [0.95],
    graphql: `{ llmCallAnalytics(${rangeArguments(from, to)}) { groups { dimensions { provider }
      stats { count successRate totalTokens { sum } cost { sum } latencyMs { avg p95 } } } source { kind grain rowsRead } } }`,
    read(data) {
      const { groups } = (
        data as {
          llmCallAnalytics: { groups: readonly { dimensions: { provider: string }; stats: GraphqlStats }[] };
        }
      ).llmCallAnalytics;
      return groups.map(({ dimensions, stats }) => ({
        key: dimensions.provider,
        exact: [
          stats.count,
          Math.round((stats.successRate ?? 0) * stats.count),
          stats.totalTokens?.sum ?? 0,
          Math.round((stats.cost?.sum ?? 0) * NANO),
          stats.latencyMs.avg as number,
        ],
        quantiles: [stats.latencyMs.p95 as number],
      }));
    },
    sqlite: sql('percentile_cont'),
    duckdb: sql('quantile_cont'),
    duckdbValues: `select provider as key, list_sort(list(latency_ms)) from llm_calls where ${where(from, to)} group by provider`,
  };
}

export const QUESTIONS: readonly Question[] = [dailyByProvider(), lastDayAtFiveMinutes(), weekByProvider()];
