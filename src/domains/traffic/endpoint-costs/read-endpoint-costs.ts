import { sql } from 'kysely';
import { both, isOneOf, isWithin } from '../../../core/build-filter.ts';
import { NANO_USD_PER_USD } from '../../../core/dataset/column.ts';
import type { Filter } from '../../../core/filter.ts';
import type { AskedRange, Interval } from '../../../core/time/range.ts';
import { llmCalls } from '../../../declarations/llm/llm-calls.ts';
import { requestLogs } from '../../../declarations/traffic/request-logs.ts';
import { keptByAll } from '../../../graphql/analytics/kept-by-all.ts';
import type { Context } from '../../../graphql/context.ts';
import { selectScope } from '../../../lists/list-page.ts';

/** The model calls that the requests to an endpoint made, and what they cost. */
export interface EndpointCost {
  readonly endpoint: string;
  readonly method: string;
  readonly requests: number;
  readonly llmCalls: number;
  /** Calls whose cost is unknown. */
  readonly unpricedLlmCalls: number;
  /** USD; null if no call has a known cost. */
  readonly cost: number | null;
}

export interface EndpointCostsQuestion {
  readonly range: AskedRange;
  /** A filter of the requests; null for all. */
  readonly filter: Filter | null;
  readonly first: number;
}

/** The dimensions that identify an endpoint. */
const ENDPOINT = ['endpoint', 'method'] as const;

/**
 * The endpoints whose requests in the range made calls, the most expensive first. A call belongs to
 * the request with its `requestId`, whenever it was recorded. Only rows contain that id, so the
 * range is cut to where the rows of both are kept.
 */
export async function readEndpointCosts(
  { projectId, services: { analytics, store } }: Context,
  { range: asked, filter, first }: EndpointCostsQuestion,
): Promise<readonly EndpointCost[]> {
  const range = await keptByAll(analytics, [requestLogs, llmCalls], { projectId, range: asked });
  if (range.from === range.to) return [];
  const calls = await store.reading({ kind: 'LONG', projectId }, () =>
    callsQuery(store, { projectId, range, filter, first }).execute(),
  );
  if (calls.length === 0) return [];
  const endpoints = new Set(calls.map((row) => String(row['endpoint'])));
  const scope = {
    dataset: requestLogs,
    projectId,
    range,
    filter: both(isOneOf('endpoint', [...endpoints]), filter),
  };
  const counted = await analytics.groups(scope, [], {
    dimensions: ENDPOINT,
    orderBy: BY_COUNT,
    first: MAX_GROUPS,
  });
  const requests = new Map(counted.value.map(({ dimensions, stats }) => [keyOf(dimensions), stats.rowCount]));
  return calls.map((row) => toEndpointCost(row, requests.get(keyOf(row)) ?? 0));
}

/** The most groups of endpoint and method. */
const MAX_GROUPS = 1_000;
const BY_COUNT = { by: 'count', direction: 'desc' } as const;

const keyOf = (values: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(ENDPOINT.map((name) => values[name]));

interface CallsQuestion extends Omit<EndpointCostsQuestion, 'range'> {
  readonly projectId: string;
  readonly range: Interval;
}

/**
 * First finds the requests of the range by time, then the calls of each through the index on
 * `requestId`.
 */
export function callsQuery(
  store: Pick<Context['services']['store'], 'query' | 'functions'>,
  { projectId, range, filter, first }: CallsQuestion,
) {
  const { query, functions } = store;
  const within = both(isWithin('timestamp', range), filter);
  const requests = selectScope(store, { table: requestLogs, projectId, filter: within });
  const columns = functions.readFirst(requests.select(['request_id', ...ENDPOINT]));
  const cost = sql.ref('call.cost_nano_usd');
  return functions
    .joinEach(query.selectFrom(columns.as('request')), llmCalls.table, 'call', [
      sql`call.project_id = ${projectId}`,
      sql`call.request_id = request.request_id`,
    ])
    .groupBy(['endpoint', 'method'])
    .select([
      ...ENDPOINT,
      sql<unknown>`count(*)`.as('calls'),
      sql<unknown>`count(${cost})`.as('priced'),
      functions.sum(cost).as('cost'),
    ])
    .orderBy(sql`case when count(${cost}) > 0 then ${functions.sum(cost)} end`, (order) =>
      order.desc().nullsLast(),
    )
    .orderBy(sql`count(*)`, 'desc')
    .orderBy(functions.codePointOrder(sql.ref('endpoint')))
    .orderBy(functions.codePointOrder(sql.ref('method')))
    .limit(first);
}

function toEndpointCost(row: Readonly<Record<string, unknown>>, requests: number): EndpointCost {
  const [calls, priced] = [Number(row['calls']), Number(row['priced'])];
  return {
    endpoint: String(row['endpoint']),
    method: String(row['method']),
    requests,
    llmCalls: calls,
    unpricedLlmCalls: calls - priced,
    cost: priced === 0 ? null : Number(row['cost']) / NANO_USD_PER_USD,
  };
}
