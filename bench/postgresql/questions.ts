import { FREE_QUESTIONS } from '../analytics/free-questions.ts';
import { QUESTIONS, type Question } from '../analytics/questions.ts';
import { DAY_MS } from '../analytics/rows.ts';

/** A question of bench:analytics with its SQL for PostgreSQL. */
export interface PostgresqlQuestion extends Question {
  /** Whether dashboards ask it repeatedly, so that a rollup holds it. */
  readonly recurs: boolean;
  /** The name of the function with the SQL, which PostGraphile serves. */
  readonly functionName: string;
  /** Key, exact numbers, quantiles. The range is `from_ms` and `to_ms`. */
  readonly sql: string;
  /**
   * Key and sorted latencies, to check quantiles against their neighbours; empty without quantiles.
   */
  readonly sqlOfValues: string;
}

const RANGE = `project_id = 'default' and timestamp >= to_timestamp(from_ms / 1000) and timestamp < to_timestamp(to_ms / 1000)`;
const bucket = (width: number) =>
  `((floor(extract(epoch from timestamp) * 1000 / ${width}) * ${width})::bigint)`;
const FIVE_MINUTES = bucket(300_000);
const DAY = bucket(DAY_MS);

const quantiles = (...ps: readonly number[]) =>
  `percentile_cont(array[${ps.join(', ')}]::float8[]) within group (order by latency_ms)`;
const none = `array[]::float8[]`;
const select = (key: string, exact: readonly string[], quantiles: string, rest: string) =>
  `select ${key}, array[${exact.map((number) => `(${number})::float8`).join(', ')}], ${quantiles} from llm_calls where ${RANGE} ${rest}`;
const values = (key: string, rest: string) =>
  `select ${key}, array_agg(latency_ms order by latency_ms) from llm_calls where ${RANGE} ${rest}`;

const SQL: Readonly<Record<string, Pick<PostgresqlQuestion, 'functionName' | 'sql' | 'sqlOfValues'>>> = {
  'daily series by provider, 30 days': {
    functionName: 'daily_by_provider',
    sql: select(
      `provider || ' ' || ${DAY}`,
      ['count(*)', 'sum(cost_nano_usd)', 'avg(latency_ms)'],
      none,
      `group by provider, ${DAY}`,
    ),
    sqlOfValues: '',
  },
  'last 24 h at 5 minutes, p50 p95 p99': {
    functionName: 'last_day',
    sql: select(
      `${FIVE_MINUTES}::text`,
      ['count(*)'],
      quantiles(0.5, 0.95, 0.99),
      `group by ${FIVE_MINUTES}`,
    ),
    sqlOfValues: values(`${FIVE_MINUTES}::text`, `group by ${FIVE_MINUTES}`),
  },
  'provider stats, 7 days, p95': {
    functionName: 'provider_stats',
    sql: select(
      'provider',
      [
        'count(*)',
        'count(*) filter (where success)',
        'sum(total_tokens)',
        'sum(cost_nano_usd)',
        'avg(latency_ms)',
      ],
      quantiles(0.95),
      'group by provider',
    ),
    sqlOfValues: values('provider', 'group by provider'),
  },
  'calls above 2 s by end user': {
    functionName: 'slow_calls',
    sql: select(
      'end_user',
      ['count(*)', 'coalesce(sum(cost_nano_usd), 0)'],
      none,
      'and latency_ms > 2000 group by end_user order by count(*) desc, end_user collate "C" nulls last limit 100',
    ),
    sqlOfValues: '',
  },
};

/** Three questions that dashboards ask repeatedly, and one that no rollup holds. */
export const POSTGRESQL_QUESTIONS: readonly PostgresqlQuestion[] = [...QUESTIONS, ...FREE_QUESTIONS].flatMap(
  (question) => {
    const own = SQL[question.name];
    return own === undefined ? [] : [{ ...question, ...own, recurs: QUESTIONS.includes(question) }];
  },
);
