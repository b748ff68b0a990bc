/**
 * `npm run bench:http` measures requests per second over loopback, for `{ __typename }` and for a
 * list of 50 calls with 12 fields. It compares Telltale, plain GraphQL Yoga, and Mercurius with
 * graphql-jit: interleaved rounds in one run, medians, ratios. See docs/benchmarks.md.
 */
import { deepStrictEqual } from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { ourDatabase } from './analytics/build.ts';
import { END } from './analytics/rows.ts';
import { ask, type LoadResult, measure } from './http/load.ts';
import { LIST, TYPENAME } from './http/question.ts';
import { type Child, startChild } from './lib/child.ts';
import { formatNumber, median, renderTable, rounded } from './lib/statistics.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    'warm-up': { type: 'string', default: '2' },
    size: { type: 'string', default: '100000' },
  },
});
const rounds = Number(flags.rounds);
const CONNECTIONS = 8;

const SERVERS = {
  ours: './ingest/our-server.ts',
  yoga: './http/yoga-server.ts',
  mercurius: './http/mercurius-server.ts',
} as const;
type Peer = keyof typeof SERVERS;
const PEERS = Object.keys(SERVERS) as Peer[];

const QUESTIONS = [
  { name: '{ __typename }', query: TYPENAME, against: 'yoga', bar: 0.9 },
  { name: '50 calls, 12 fields', query: LIST, against: 'mercurius', bar: 0.5 },
] as const;

/** The result of a load, and the CPU time of the server per request. */
interface Result extends LoadResult {
  readonly cpuMs: number;
}

const results = new Map<string, Result[]>();
const nameOf = (peer: Peer, question: string) => `${peer} ${question}`;
const medianOf = (peer: Peer, question: string, value: keyof Result) =>
  median((results.get(nameOf(peer, question)) ?? []).map((result) => result[value]));
const rateOf = (peer: Peer, question: string) => medianOf(peer, question, 'requestsPerSecond');

const file = await ourDatabase(Number(flags.size));
const servers = new Map<Peer, Child>(
  PEERS.map((peer) => [
    peer,
    startChild(new URL(SERVERS[peer], import.meta.url), {
      NODE_ENV: 'production',
      BENCH_FILE: file,
      DATABASE_URL: `file:${file}`,
      BENCH_NOW: String(END),
    }),
  ]),
);
try {
  const urls = new Map<Peer, string>();
  for (const [peer, server] of servers) urls.set(peer, await server.ask<string>('url'));
  await expectSameAnswers([...urls.values()]);
  await measureAll(urls, Number(flags['warm-up']));
  results.clear();
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    await measureAll(urls, Number(flags.seconds));
  }
} finally {
  for (const server of servers.values()) await server.stop();
}
report();

/** Compares only servers that give equal answers. */
async function expectSameAnswers(urls: readonly string[]): Promise<void> {
  const [ours, ...others] = await Promise.all(
    urls.map(async (url) => JSON.parse(await ask(url, LIST)) as { data: { llmCalls: { nodes: unknown[] } } }),
  );
  if (ours?.data.llmCalls.nodes.length !== 50) throw new Error('The list does not have 50 calls');
  for (const other of others) deepStrictEqual(other, ours);
}

async function measureAll(urls: ReadonlyMap<Peer, string>, seconds: number): Promise<void> {
  for (const { name, query } of QUESTIONS) {
    for (const [peer, url] of urls) {
      const server = servers.get(peer) as Child;
      const before = await server.ask<number>('cpu-ms');
      const load = await measure({ url, query, connections: CONNECTIONS, seconds });
      const cpuMs = ((await server.ask<number>('cpu-ms')) - before) / load.requests;
      results.set(nameOf(peer, name), [...(results.get(nameOf(peer, name)) ?? []), { ...load, cpuMs }]);
    }
  }
}

function report(): void {
  const rows = QUESTIONS.flatMap(({ name }) =>
    PEERS.map((peer) => [
      `${name}: ${peer}`,
      formatNumber(rateOf(peer, name)),
      formatNumber(rateOf('ours', name) / rateOf(peer, name)),
      formatNumber(medianOf(peer, name, 'cpuMs')),
      formatNumber(medianOf(peer, name, 'p50Ms')),
      formatNumber(medianOf(peer, name, 'p99Ms')),
    ]),
  );
  const header = ['', 'requests/s', 'ours ×', 'CPU ms/request', 'p50 ms', 'p99 ms'];
  console.log(`\n${CONNECTIONS} connections, medians of ${rounds} rounds\n\n${renderTable(header, rows)}\n`);
  for (const { name, against, bar } of QUESTIONS) {
    const ratio = rateOf('ours', name) / rateOf(against, name);
    console.log(
      `${ratio >= bar ? 'met   ' : 'MISSED'}  ${name}: ${formatNumber(ratio)} × ${against}, bar ${bar}`,
    );
  }
  const ratios = QUESTIONS.map(({ name, against }) => [
    name,
    { [against]: rounded(rateOf('ours', name) / rateOf(against, name)) },
  ]);
  console.log(JSON.stringify({ benchmark: 'http', rounds, ...Object.fromEntries(ratios) }));
}
