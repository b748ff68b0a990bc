/**
 * `npm run bench:fanout` measures the cost of one event that thousands of WebSocket clients follow:
 * the time until the last of them has it, against a plain `ws` server that sends a ready-made
 * message; the memory of an idle subscriber; and the cost of an event that matches one of thousands
 * of different filters. See docs/benchmarks.md.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ClientJob } from './fanout/client.ts';
import type { PeerQuestion } from './fanout/peer.ts';
import { makeCallInputs } from './lib/call-input.ts';
import { type Child, startChild } from './lib/child.ts';
import { CACHE } from './lib/paths.ts';
import { formatNumber, median, renderTable, rounded } from './lib/statistics.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    subscribers: { type: 'string', default: '5000' },
    batches: { type: 'string', default: '50' },
  },
});
const rounds = Number(flags.rounds);
const subscribers = Number(flags.subscribers);
const batches = Number(flags.batches);
const BATCH = 100;

const TIME_BAR = 1.5;
const MEMORY_BAR_KB = 15;
/** The cost with filters, divided by the cost with subscribers of another dataset. */
const FILTER_BAR = 1.5;
const WARM_UP_SOCKETS = 300;
const WARM_UP_ROUNDS = 5;

const PROTOCOL = 'graphql-transport-ws';
const SUBSCRIPTION = `subscription Calls($filter: LlmCallFilter) { llmCallRecorded(filter: $filter) {
  id timestamp service environment provider model success promptTokens completionTokens totalTokens cost latencyMs
} }`;
const RECORD = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';

const calls = makeCallInputs(1000, 7, Date.now());
let next = 0;
/** The body of a mutation that records new calls. */
function recordBody(count = 1): string {
  const input = Array.from({ length: count }, () => ({
    ...calls[next++ % calls.length],
    ...{ id: randomUUID(), environment: 'production', endUser: 'nobody' },
  }));
  return JSON.stringify({ query: RECORD, variables: { input } });
}

const subscribeMessage = (filter: object, query = SUBSCRIPTION): string =>
  JSON.stringify({
    id: randomUUID(),
    type: 'subscribe',
    payload: { query, operationName: 'Calls', variables: { filter } },
  });

interface Side {
  readonly server: Child;
  readonly client: Child;
  readonly url: string;
  readonly bytesOfEach: number;
}

const results = { ours: [] as number[], ws: [] as number[] };
const cpu = { ours: [] as number[], ws: [] as number[] };

mkdirSync(CACHE, { recursive: true });
const folder = mkdtempSync(join(CACHE, 'fanout-'));
const environment = {
  NODE_ENV: 'production',
  DATABASE_URL: `file:${join(folder, 'fanout.db')}`,
  MAX_SOCKETS_PER_ADDRESS: String(10 * subscribers),
};
const started: Child[] = [];
const start = (module: string): Child => {
  const child = startChild(new URL(module, import.meta.url), environment);
  started.push(child);
  return child;
};

try {
  const ours = await openSide('./fanout/our-server.ts', PROTOCOL, () =>
    subscribeMessage({ environment: { eq: 'production' } }),
  );
  const message = await measureOnce(ours, recordBody());
  const ws = await openSide('./fanout/ws-server.ts', null, () => null);
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const [name, side, body] of [
      ['ours', ours, recordBody()],
      ['ws', ws, message],
    ] as const) {
      const before = await side.server.ask<number>('cpu-ms' satisfies PeerQuestion);
      const milliseconds = await publish(side, body, subscribers);
      const used = (await side.server.ask<number>('cpu-ms' satisfies PeerQuestion)) - before;
      if (round < 0) continue;
      results[name].push(milliseconds);
      cpu[name].push(used);
    }
  }
  const perEvent = await measureFilters(ours);
  report(ours, ws, perEvent);
} finally {
  // Clients first: they do not expect the server to end.
  for (const child of started.toReversed()) await child.stop();
  rmSync(folder, { recursive: true });
}

async function openSide(
  module: string,
  protocol: string | null,
  messageOf: () => string | null,
): Promise<Side> {
  const server = start(module);
  const client = start('./fanout/client.ts');
  const url = await server.ask<string>('url' satisfies PeerQuestion);
  const first = protocol === null ? null : JSON.stringify({ type: 'connection_init' });
  const open = async (count: number) => {
    const then = Array.from({ length: count }, messageOf);
    await client.ask({ do: 'open', url, protocol, first, then } satisfies ClientJob);
    await untilSubscribed(server, count);
  };
  await open(WARM_UP_SOCKETS);
  await client.ask({ do: 'close' } satisfies ClientJob);
  await untilSubscribed(server, 0);
  const before = await server.ask<number>('memory' satisfies PeerQuestion);
  await open(subscribers);
  const bytesOfEach = ((await server.ask<number>('memory' satisfies PeerQuestion)) - before) / subscribers;
  return { server, client, url, bytesOfEach };
}

async function untilSubscribed(server: Child, count: number): Promise<void> {
  while ((await server.ask<number>('subscribers' satisfies PeerQuestion)) !== count) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function publish(
  { client, url }: Pick<Side, 'client' | 'url'>,
  body: string,
  expected: number,
): Promise<number> {
  return client.ask<number>({ do: 'publish', url, body, expected } satisfies ClientJob);
}

/** The message that ours sends, which the peer then sends unchanged. */
async function measureOnce(side: Side, body: string): Promise<string> {
  await publish(side, body, subscribers);
  return side.client.ask<string>({ do: 'last' } satisfies ClientJob);
}

/**
 * CPU milliseconds of the server per event, in batches: with thousands of subscribers of another
 * dataset, and with as many different filters, none of which matches.
 */
async function measureFilters({ server, client, url }: Side) {
  const cost = async (message: (index: number) => string): Promise<number> => {
    await client.ask({ do: 'close' } satisfies ClientJob);
    await untilSubscribed(server, 0);
    const then = Array.from({ length: subscribers }, (_, index) => message(index));
    const first = JSON.stringify({ type: 'connection_init' });
    await client.ask({ do: 'open', url, protocol: PROTOCOL, first, then } satisfies ClientJob);
    await untilSubscribed(server, subscribers);
    let before = 0;
    for (let batch = -batches; batch < batches; batch++) {
      if (batch === 0) before = await server.ask<number>('cpu-ms' satisfies PeerQuestion);
      await publish({ client, url }, recordBody(BATCH), 0);
    }
    return ((await server.ask<number>('cpu-ms' satisfies PeerQuestion)) - before) / (batches * BATCH);
  };
  return {
    without: await cost(() => subscribeMessage({}, 'subscription Calls { errorLogRecorded { id } }')),
    filtered: await cost((index) => subscribeMessage({ endUser: { eq: `user-${index}` } })),
  };
}

function report(ours: Side, ws: Side, perEvent: Awaited<ReturnType<typeof measureFilters>>): void {
  const kilobytes = (side: Side) => side.bytesOfEach / 1000;
  const row = (name: 'ours' | 'ws', side: Side) => [
    name,
    formatNumber(median(results[name])),
    formatNumber(median(cpu[name])),
    formatNumber(kilobytes(side)),
  ];
  const header = ['', 'ms to the last', 'CPU ms', 'kB per idle subscriber'];
  console.log(`\n${subscribers} subscribers, medians of ${rounds} rounds\n`);
  console.log(`${renderTable(header, [row('ours', ours), row('ws', ws)])}\n`);
  console.log(
    `CPU ms per event: ${formatNumber(perEvent.without)} with ${subscribers} subscribers of another dataset, ` +
      `${formatNumber(perEvent.filtered)} with ${subscribers} filters that do not take it\n`,
  );
  const bars = [
    { name: 'time to the last, × ws', value: median(results.ours) / median(results.ws), bar: TIME_BAR },
    { name: 'kB per idle subscriber', value: kilobytes(ours), bar: MEMORY_BAR_KB },
    {
      name: 'event with filters, × without',
      value: perEvent.filtered / perEvent.without,
      bar: FILTER_BAR,
    },
  ];
  for (const { name, value, bar } of bars) {
    console.log(`${value <= bar ? 'met   ' : 'MISSED'}  ${name}: ${formatNumber(value)}, bar ${bar}`);
  }
  const [time, memory, filters] = bars.map(({ value }) => rounded(value));
  console.log(JSON.stringify({ benchmark: 'fanout', rounds, time, memory, filters }));
}
