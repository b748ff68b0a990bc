/**
 * Lets clients come and go, 17 per second, with three WebSocket subscriptions each, like pages of a
 * dashboard. Measures the effect on a list of 50 calls (bar: p50 below 50 ms; it was 2 s) and on
 * `{ __typename }` (bar: p99 below 50 ms).
 */
import { parseArgs } from 'node:util';
import WebSocket from 'ws';
import { ourDatabase } from '../analytics/build.ts';
import { END } from '../analytics/rows.ts';
import { formatNumber, median, quantile, renderTable } from '../lib/statistics.ts';
import { latenciesOf, post, warmUp } from './post.ts';
import { startShippedServer } from './shipped-server.ts';

const { values: flags } = parseArgs({ options: { size: { type: 'string', default: '1000000' } } });
const SECONDS = 8;
const CLIENTS_PER_SECOND = 17;
const STAYS_MS = 1_000;
const BAR_MS = 50;
const PEAK_BAR_MB = 700;
const LIST = '{ llmCalls(first: 50) { nodes { id timestamp model cost latencyMs totalTokens success } } }';
const subscriptionsOf = (client: number) => [
  'subscription { healthChanged { status } }',
  'subscription { summaryChanged(window: "PT1H") { llmCalls totalCost errors averageLatencyMs } }',
  `subscription { llmCallRecorded(filter: { endUser: { eq: "user-${client}" } }) { id model cost } }`,
];

const server = await startShippedServer(await ourDatabase(Number(flags.size)), { now: END });
try {
  await warmUp(server.url);
  for (let time = 0; time < 20; time++) await post(server.url, LIST);
  const quiet = await measure(async () => '–');
  const busy = await measure(visits);
  console.log(
    renderTable(
      ['clients', 'answered', 'list p50 ms', 'list p99 ms', 'p99 ms beside', 'peak MB', 'bars'],
      [
        ['none', ...quiet],
        [`${CLIENTS_PER_SECOND} a second, three subscriptions each`, ...busy],
      ],
    ),
  );
} finally {
  await server.stop();
}

async function measure(work: () => Promise<string>): Promise<string[]> {
  const done = new AbortController();
  const beside = Promise.all(
    [LIST, '{ __typename }'].map((query) => latenciesOf(() => post(server.url, query), done.signal)),
  );
  const [answered] = await Promise.all([
    work(),
    new Promise((resolve) => setTimeout(resolve, SECONDS * 1_000)),
  ]);
  done.abort();
  const [lists = [], names = []] = await beside;
  const peak = server.peakBytes() / 1024 ** 2;
  const bars = median(lists) < BAR_MS && quantile(names, 0.99) < BAR_MS && peak < PEAK_BAR_MB;
  const figures = [median(lists), quantile(lists, 0.99), quantile(names, 0.99), peak];
  return [answered, ...figures.map(formatNumber), bars ? 'met' : 'MISSED'];
}

/** @returns how many of the subscriptions that have an immediate result delivered it */
async function visits(): Promise<string> {
  const clients = SECONDS * CLIENTS_PER_SECOND;
  const running: Promise<number>[] = [];
  for (let client = 0; client < clients; client++) {
    running.push(visit(client));
    await new Promise((resolve) => setTimeout(resolve, 1_000 / CLIENTS_PER_SECOND));
  }
  const answers = (await Promise.all(running)).reduce((sum, count) => sum + count, 0);
  return `${answers} of ${2 * clients}`;
}

/** Subscribes, stays for a second, and leaves. @returns how many first results arrived */
function visit(client: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws');
    let results = 0;
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
    socket.on('message', (data) => {
      const { type } = JSON.parse(String(data)) as { type: string };
      if (type === 'next') results++;
      if (type === 'error') reject(new Error(String(data)));
      if (type !== 'connection_ack') return;
      for (const [id, query] of subscriptionsOf(client).entries())
        socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query } }));
      setTimeout(() => socket.close(), STAYS_MS);
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(Math.min(results, 2)));
  });
}
