import { Agent } from 'node:http';
import { quantile } from '../lib/statistics.ts';
import { postGraphql } from './peers.ts';
import { DAY_MS, DAYS, END } from './rows.ts';

export interface EventLoopResult {
  /** Time of the query over the raw rows. */
  readonly queryMs: number;
  readonly rowsRead: number;
  /** Number of answers to `{ __typename }` meanwhile. */
  readonly samples: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** No rollup can filter by `latencyMs`, so the server must read every row. */
const RAW_QUERY = `{ llmCallAnalytics(
    range: { from: "${new Date(END - DAYS * DAY_MS).toISOString()}", to: "${new Date(END).toISOString()}" }
    filter: { latencyMs: { gt: 1 } }
  ) { groups(first: 10) { dimensions { endUser } stats { count latencyMs { avg max } cost { sum } } } source { kind rowsRead } } }`;

/** Queries `{ __typename }` repeatedly while the server answers a query from all raw rows. */
export async function measureEventLoop(url: string, expectedRows: number): Promise<EventLoopResult> {
  const agent = new Agent({ keepAlive: true });
  const latencies: number[] = [];
  let running = true;
  const start = performance.now();
  const query = postGraphql(agent, url, RAW_QUERY).finally(() => {
    running = false;
  });
  // The `await` below reports a failure.
  query.catch(() => undefined);
  while (running) {
    const asked = performance.now();
    await postGraphql(agent, url, '{ __typename }');
    latencies.push(performance.now() - asked);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const { source } = (await query).llmCallAnalytics as { source: { kind: string; rowsRead: number } };
  const queryMs = performance.now() - start;
  agent.destroy();
  if (source.kind !== 'RAW' || source.rowsRead < expectedRows) {
    throw new Error(`The query was not answered from all raw rows: ${source.kind}, ${source.rowsRead} rows`);
  }
  return {
    queryMs,
    rowsRead: source.rowsRead,
    samples: latencies.length,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    maxMs: Math.max(...latencies),
  };
}
