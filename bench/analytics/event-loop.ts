import { Agent } from 'node:http';
import { quantile } from '../lib/statistics.ts';
import { postGraphql } from './peers.ts';
import { DAY_MS, DAYS, END } from './rows.ts';

export interface EventLoopResult {
  /** Time of one query over all rows, on average. */
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

/** How long such queries run, one after another. */
const DURATION_MS = 5_000;

/**
 * Queries `{ __typename }` repeatedly while the server answers queries about all rows, one after
 * another.
 */
export async function measureEventLoop(url: string, expectedRows: number): Promise<EventLoopResult> {
  const agent = new Agent({ keepAlive: true });
  const latencies: number[] = [];
  let running = true;
  let queries = 0;
  let rowsRead = 0;
  const start = performance.now();
  const asking = (async () => {
    while (performance.now() - start < DURATION_MS) {
      const { llmCallAnalytics } = await postGraphql(agent, url, RAW_QUERY);
      const { source } = llmCallAnalytics as { source: { kind: string; rowsRead: number } };
      if (!['RAW', 'COLUMNS'].includes(source.kind) || source.rowsRead < expectedRows) {
        throw new Error(`The query was not answered from all rows: ${source.kind}, ${source.rowsRead} rows`);
      }
      queries++;
      rowsRead = source.rowsRead;
    }
  })().finally(() => {
    running = false;
  });
  // The `await` below reports a failure.
  asking.catch(() => undefined);
  while (running) {
    const asked = performance.now();
    await postGraphql(agent, url, '{ __typename }');
    latencies.push(performance.now() - asked);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await asking;
  const queryMs = (performance.now() - start) / queries;
  agent.destroy();
  return {
    queryMs,
    rowsRead,
    samples: latencies.length,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    maxMs: Math.max(...latencies),
  };
}
