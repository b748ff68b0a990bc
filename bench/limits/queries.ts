/**
 * Sends expensive queries to a server: the most expensive ones within the price limit, and more
 * with that limit lifted. Measures what other clients notice meanwhile: the p99 of `{ __typename }`
 * (bar: 50 ms), how often `/readyz` fails, and the peak memory (bar: 700 MB). The servers make
 * their columnar copy at the same time. The first server gets no queries, which shows the
 * machine's own share.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ourDatabase } from '../analytics/build.ts';
import { END } from '../analytics/rows.ts';
import { CACHE } from '../lib/paths.ts';
import { formatNumber, quantile, renderTable } from '../lib/statistics.ts';
import { aliases, callsOfRequests, preview, rawTotals, seriesBy } from './costly-queries.ts';
import { latenciesOf, post, refusalsOf, warmUp } from './post.ts';
import { requestsDatabase } from './requests.ts';
import { type ShippedServer, startShippedServer } from './shipped-server.ts';

const { values: flags } = parseArgs({ options: { size: { type: 'string', default: '1000000' } } });
const P99_BAR_MS = 50;
const PEAK_BAR_MB = 700;
const STOP_BAR_MS = 10_000;
const CONTROL_MS = 2_000;

const PASSED: readonly Case[] = [
  { name: 'nothing' },
  { name: 'an hourly series of 50 end users', query: aliases(seriesBy('endUser'), 1) },
  { name: 'two hourly series of 50 models', query: aliases(seriesBy('model'), 2) },
  { name: 'four raw totals', query: aliases(rawTotals, 4) },
  { name: 'two previews of a week by end user', query: aliases(preview, 2) },
  { name: 'the calls of 390 requests, 500 each', query: callsOfRequests, ofRequests: true },
];
const CASES: readonly Case[] = [
  { name: '50 raw totals', query: aliases(rawTotals, 50) },
  { name: '50 raw totals, the client leaves after 2 s', query: aliases(rawTotals, 50), leaveAfterMs: 2_000 },
  { name: '50 hourly series of 50, all quantiles', query: aliases(seriesBy('model'), 50) },
  { name: 'ten hourly series of 50 end users', query: aliases(seriesBy('endUser'), 10) },
  { name: 'ten previews of a week by end user', query: aliases(preview, 10) },
];

mkdirSync(CACHE, { recursive: true });
const folder = mkdtempSync(join(CACHE, 'limits-'));
const file = await ourDatabase(Number(flags.size));
// What stops a query within the price limit.
const LIFTED = { MAX_QUERY_COST: '1000000000' };
try {
  const requestsFile = await requestsDatabase(folder, Number(flags.size));
  const columns = ['answer', 'ms', 'p99 ms beside', '/readyz no', 'peak MB', 'bars'];
  console.log(renderTable(['at most 200,000', ...columns], await measureAll(PASSED, requestsFile)));
  const unlimited = [...(await measureAll(CASES, requestsFile, LIFTED)), await measureStop()];
  console.log(renderTable(['at any price', ...columns], unlimited));
} finally {
  rmSync(folder, { recursive: true });
}

interface Case {
  readonly name: string;
  readonly query?: string;
  readonly leaveAfterMs?: number;
  readonly ofRequests?: boolean;
}

/** Each case has its own server, whose memory is that of the case. */
async function measureAll(
  cases: readonly Case[],
  requestsFile: string,
  environment: Record<string, string> = {},
): Promise<string[][]> {
  const rows: string[][] = [];
  for (const asked of cases) {
    const server = await start(asked.ofRequests ? requestsFile : file, environment);
    try {
      rows.push(await measure(server, asked));
    } finally {
      await server.stop();
    }
  }
  return rows;
}

/** Makes the columnar copy again while the case runs. */
function start(path: string, environment: Record<string, string>): Promise<ShippedServer> {
  const copy = path.replace(/\.db$/, '.columns.duckdb');
  for (const part of [copy, `${copy}.wal`]) rmSync(part, { force: true });
  return startShippedServer(path, { environment, now: END });
}

async function measure(server: ShippedServer, asked: Case): Promise<string[]> {
  const { url } = server;
  await warmUp(url);
  const done = new AbortController();
  const probe = () => post(url, '{ __typename }');
  const beside = Promise.all([latenciesOf(probe, done.signal), refusalsOf(url, done.signal)]);
  const started = performance.now();
  const answer = await ask(url, asked);
  const ms = performance.now() - started;
  // After a client has disconnected, others must find an idle server.
  if (answer === 'left') await post(url, aliases(rawTotals, 1));
  done.abort();
  const [times, refused] = await beside;
  const p99 = quantile(times, 0.99);
  const peak = server.peakBytes() / 1024 ** 2;
  const bars = p99 <= P99_BAR_MS && peak <= PEAK_BAR_MB ? 'met' : 'MISSED';
  return [asked.name, answer, ...[ms, p99].map(formatNumber), refused, formatNumber(peak), bars];
}

async function ask(url: string, { query, leaveAfterMs }: Case): Promise<string> {
  if (query === undefined) {
    await new Promise((resolve) => setTimeout(resolve, CONTROL_MS));
    return '–';
  }
  const signal = leaveAfterMs === undefined ? undefined : AbortSignal.timeout(leaveAfterMs);
  return post(url, query, { signal }).catch(() => 'left');
}

/** How long a stop takes while raw totals run; the grace period is 10 s. */
async function measureStop(): Promise<string[]> {
  const server = await start(file, LIFTED);
  const answer = post(server.url, aliases(rawTotals, 50)).catch(() => 'cut off');
  await post(server.url, '{ __typename }');
  const started = performance.now();
  await server.stop();
  const ms = performance.now() - started;
  const bars = ms <= STOP_BAR_MS ? 'met' : 'MISSED';
  return ['SIGTERM while 50 raw totals run', await answer, formatNumber(ms), '', '', '', bars];
}
