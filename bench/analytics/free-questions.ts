import {
  type AnswerRow,
  type GraphqlSeries,
  type GraphqlStats,
  NANO,
  type Question,
  rangeArguments,
  where,
} from './questions.ts';
import { DAY_MS, DAYS, END } from './rows.ts';

/** Telltale may take one and a half times as long as DuckDB in process. */
const BAR = 1 / 1.5;
const HOUR_MS = 3_600_000;
/** A user with some calls on every day. */
const USER = 'user-7';

const MONTH = {
  from: END - DAYS * DAY_MS,
  to: END,
  bar: BAR,
  name: '',
  sqlite: '',
  duckdbValues: '',
} as const;
const of = (sql: string) => ({ sqlite: sql, duckdb: sql });

interface GraphqlGroup {
  readonly dimensions: { readonly endUser: string | null };
  readonly stats: GraphqlStats;
}
interface Analytics {
  readonly groups: readonly GraphqlGroup[];
  readonly series: readonly GraphqlSeries[];
  readonly totals: GraphqlStats;
}
const analyticsOf = (data: Record<string, unknown>) => data['llmCallAnalytics'] as Analytics;
const ask = (fields: string, filter = '') =>
  `{ llmCallAnalytics(${rangeArguments(MONTH.from, MONTH.to)}${filter}) { ${fields} source { kind grain rowsRead } } }`;
const costOf = ({ cost }: GraphqlStats): number => Math.round((cost?.sum ?? 0) * NANO);
const inMonth = where(MONTH.from, MONTH.to);

function slowCallsByUser(): Question {
  return {
    ...MONTH,
    name: 'calls above 2 s by end user',
    quantiles: [],
    graphql: ask(
      'groups(first: 100) { dimensions { endUser } stats { count cost { sum } } }',
      ', filter: { latencyMs: { gt: 2000 } }',
    ),
    read: (data): AnswerRow[] =>
      analyticsOf(data).groups.map(({ dimensions, stats }) => ({
        key: String(dimensions.endUser),
        exact: [stats.count, costOf(stats)],
        quantiles: [],
      })),
    ...of(`select end_user as key, count(*), coalesce(sum(cost_nano_usd), 0) from llm_calls
      where ${inMonth} and latency_ms > 2000 group by end_user order by count(*) desc, end_user nulls last limit 100`),
  };
}

function slowestUsers(): Question {
  const sql = (quantile: string) =>
    `select end_user as key, count(*), ${quantile}(latency_ms, 0.95) as p95 from llm_calls
     where ${inMonth} group by end_user order by p95 desc, end_user nulls last limit 100`;
  return {
    ...MONTH,
    name: 'p95 by end user, the 100 slowest',
    quantiles: [0.95],
    graphql: ask(
      'groups(first: 100, orderBy: { field: LATENCY_MS, aggregate: P95 }) { dimensions { endUser } stats { count latencyMs { p95 } } }',
    ),
    read: (data): AnswerRow[] =>
      analyticsOf(data).groups.map(({ dimensions, stats }) => ({
        key: String(dimensions.endUser),
        exact: [stats.count],
        quantiles: [stats.latencyMs?.['p95'] ?? Number.NaN],
      })),
    sqlite: sql('percentile_cont'),
    duckdb: sql('quantile_cont'),
    duckdbValues: `select end_user as key, list_sort(list(latency_ms)) from llm_calls where ${inMonth} group by end_user`,
  };
}

function dailyByFinishReason(): Question {
  const sql = (divide: string) =>
    `select finish_reason || ' ' || ((timestamp ${divide} ${DAY_MS}) * ${DAY_MS}) as key, count(*), coalesce(sum(cost_nano_usd), 0)
     from llm_calls where ${inMonth} and finish_reason is not null group by finish_reason, timestamp ${divide} ${DAY_MS}`;
  return {
    ...MONTH,
    name: 'daily series by finish reason, 30 days',
    quantiles: [],
    graphql: ask(
      'series(grain: DAY) { dimensions { finishReason } points { start stats { count cost { sum } } } }',
    ),
    read: (data): AnswerRow[] =>
      analyticsOf(data).series.flatMap(({ dimensions, points }) =>
        dimensions?.['finishReason'] == null
          ? []
          : points
              .filter(({ stats }) => stats.count > 0)
              .map(({ start, stats }) => ({
                key: `${dimensions['finishReason']} ${Math.floor(Date.parse(start) / DAY_MS) * DAY_MS}`,
                exact: [stats.count, costOf(stats)],
                quantiles: [],
              })),
      ),
    sqlite: sql('/'),
    duckdb: sql('//'),
  };
}

function monthOfUser(): Question {
  const sql = (divide: string) =>
    `select (timestamp ${divide} ${HOUR_MS}) * ${HOUR_MS} as key, count(*), coalesce(sum(cost_nano_usd), 0)
     from llm_calls where ${inMonth} and end_user = '${USER}' group by timestamp ${divide} ${HOUR_MS}`;
  return {
    ...MONTH,
    name: 'the month of one user, hourly',
    quantiles: [],
    graphql: ask(
      'series(grain: HOUR) { points { start stats { count cost { sum } } } }',
      `, filter: { endUser: { eq: "${USER}" } }`,
    ),
    read: (data): AnswerRow[] =>
      analyticsOf(data).series.flatMap(({ points }) =>
        points
          .filter(({ stats }) => stats.count > 0)
          .map(({ start, stats }) => ({
            key: String(Math.floor(Date.parse(start) / HOUR_MS) * HOUR_MS),
            exact: [stats.count, costOf(stats)],
            quantiles: [],
          })),
      ),
    sqlite: sql('/'),
    duckdb: sql('//'),
  };
}

function quantilesOfMonth(): Question {
  const quantiles = [0.5, 0.95, 0.99];
  const sql = (quantile: string) =>
    `select 'all' as key, count(*), ${quantiles.map((p) => `${quantile}(latency_ms, ${p})`).join(', ')}
     from llm_calls where ${inMonth} and streaming`;
  return {
    ...MONTH,
    name: 'p50 p95 p99 of streamed calls, 30 days',
    quantiles,
    graphql: ask('totals { count latencyMs { p50 p95 p99 } }', ', filter: { streaming: { eq: true } }'),
    read(data): AnswerRow[] {
      const { count, latencyMs } = analyticsOf(data).totals;
      const found = ['p50', 'p95', 'p99'].map((name) => latencyMs?.[name] ?? Number.NaN);
      return [{ key: 'all', exact: [count], quantiles: found }];
    },
    sqlite: sql('percentile_cont'),
    duckdb: sql('quantile_cont'),
    duckdbValues: `select 'all' as key, list_sort(list(latency_ms)) from llm_calls where ${inMonth} and streaming`,
  };
}

/** Questions that no rollup holds; the columnar copy answers them. */
export const FREE_QUESTIONS: readonly Question[] = [
  slowCallsByUser(),
  slowestUsers(),
  dailyByFinishReason(),
  monthOfUser(),
  quantilesOfMonth(),
];
