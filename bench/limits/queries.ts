/**
 * Asks what is dear of a server: the dearest that the limit of prices lets pass, and more with that
 * limit lifted. Measures what others notice meanwhile: the p99 of `{ __typename }` (bar: 50 ms), how
 * often `/readyz` says no, and the memory (bar: 700 MB).
 */
import { parseArgs } from 'node:util';
import { ourDatabase } from '../analytics/build.ts';
import { END } from '../analytics/rows.ts';
import { type Child, startChild } from '../lib/child.ts';
import { formatNumber, renderTable } from '../lib/statistics.ts';
import { aliases, callsOfRequests, preview, rawTotals, seriesBy } from './dear-queries.ts';

const { values: flags } = parseArgs({ options: { size: { type: 'string', default: '1000000' } } });
const PROBE_EVERY_MS = 20;

const PASSED = [
  { name: 'an hourly series of 50 end users', query: aliases(seriesBy('endUser'), 1) },
  { name: 'two hourly series of 50 models', query: aliases(seriesBy('model'), 2) },
  { name: 'four raw totals', query: aliases(rawTotals, 4) },
  { name: 'two previews of a week by end user', query: aliases(preview, 2) },
  { name: 'the calls of 390 requests, 500 each', query: callsOfRequests },
] as const;
const CASES = [
  { name: '50 raw totals', query: aliases(rawTotals, 50) },
  { name: '50 raw totals, the client leaves after 2 s', query: aliases(rawTotals, 50), leaveAfterMs: 2_000 },
  { name: '50 hourly series of 50, all quantiles', query: aliases(seriesBy('model'), 50) },
  { name: 'ten hourly series of 50 end users', query: aliases(seriesBy('endUser'), 10) },
  { name: 'ten previews of a week by end user', query: aliases(preview, 10) },
] as const;

const environment = {
  NODE_ENV: 'production',
  DATABASE_URL: `file:${await ourDatabase(Number(flags.size))}`,
  BENCH_NOW: String(END),
};
// What stops a query that its price lets pass.
const lifted = { ...environment, MAX_QUERY_COST: '1000000000' };
const columns = ['answer', 'ms', 'p99 ms beside', '/readyz no', 'RSS MB'];
console.log(renderTable(['at most 200,000', ...columns], await measureAll(PASSED, environment)));
const unlimited = [...(await measureAll(CASES, lifted)), await measureStop()];
console.log(renderTable(['at any price', ...columns], unlimited));

interface Case {
  readonly name: string;
  readonly query: string;
  readonly leaveAfterMs?: number;
}

/** Each with a server of its own, whose memory is that of the case. */
async function measureAll(cases: readonly Case[], variables: Record<string, string>): Promise<string[][]> {
  const rows: string[][] = [];
  for (const asked of cases) {
    const server = startChild(new URL('../ingest/our-server.ts', import.meta.url), variables);
    try {
      rows.push(await measure(server, asked));
    } finally {
      await server.stop();
    }
  }
  return rows;
}

async function measure(server: Child, asked: Case): Promise<string[]> {
  const url = await server.ask<string>('url');
  await post(url, '{ __typename }');
  const done = new AbortController();
  const beside = Promise.all([latencies(url, done.signal), refusals(url, done.signal)]);
  const start = performance.now();
  const leave = asked.leaveAfterMs === undefined ? undefined : AbortSignal.timeout(asked.leaveAfterMs);
  const answer = await post(url, asked.query, leave).catch(() => 'left');
  const ms = performance.now() - start;
  // After a client has left, the others must find an idle server.
  if (answer === 'left') await post(url, aliases(rawTotals, 1));
  done.abort();
  const [times, refused] = await beside;
  const p99 = times.sort((one, other) => one - other)[Math.floor(times.length * 0.99)] ?? 0;
  const rss = (await server.ask<number>('rss')) / 1024 ** 2;
  return [asked.name, answer, formatNumber(ms), formatNumber(p99), refused, formatNumber(rss)];
}

/** How long a stop takes while raw totals run; the grace period is 10 s. */
async function measureStop(): Promise<string[]> {
  const server = startChild(new URL('../ingest/our-server.ts', import.meta.url), lifted);
  const url = await server.ask<string>('url');
  const answer = post(url, aliases(rawTotals, 50)).catch(() => 'cut off');
  await post(url, '{ __typename }');
  const start = performance.now();
  await server.stop();
  return ['stop while 50 raw totals run', await answer, formatNumber(performance.now() - start), '', '', ''];
}

/** The code of the first error, or "answered". */
async function post(url: string, query: string, signal?: AbortSignal): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    ...(signal && { signal }),
  });
  const { errors } = (await response.json()) as {
    errors?: { message: string; extensions: { code: string } }[];
  };
  return errors === undefined
    ? 'answered'
    : `${errors[0]?.extensions.code}: ${errors[0]?.message.slice(0, 60)}`;
}

async function latencies(url: string, until: AbortSignal): Promise<number[]> {
  const times: number[] = [];
  while (!until.aborted) {
    const start = performance.now();
    await post(url, '{ __typename }');
    times.push(performance.now() - start);
    await pause();
  }
  return times;
}

async function refusals(url: string, until: AbortSignal): Promise<string> {
  let asked = 0;
  let refused = 0;
  while (!until.aborted) {
    const { ok } = await fetch(new URL('/readyz', url));
    asked++;
    if (!ok) refused++;
    await pause();
  }
  return `${refused} of ${asked}`;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
}
