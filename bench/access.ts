/**
 * `npm run bench:access` measures what API keys and quotas cost: the check of a known key, requests
 * with and without a key and quotas, and ingest with and without a key. One server answers all of
 * them in turns; medians, ratios. See docs/benchmarks.md.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { KeyCheckJob, KeyCheckResult } from './access/key-check.ts';
import { measure } from './http/load.ts';
import { TYPENAME } from './http/question.ts';
import type { LoadJob, LoadResult } from './ingest/load.ts';
import { type Child, startChild } from './lib/child.ts';
import { createDatabase } from './lib/database.ts';
import { CACHE } from './lib/paths.ts';
import { formatNumber, median, renderTable, rounded } from './lib/statistics.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '1' },
    keys: { type: 'string', default: '1000' },
  },
});
const rounds = Number(flags.rounds);
const seconds = Number(flags.seconds);

const CONNECTIONS = 8;
const CHECK_BAR_US = 20;
const INGEST_BAR = 0.97;
const RECORD = 'mutation Record($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';

const CLIENTS = ['no key', 'key', 'key with quotas'] as const;
type Client = (typeof CLIENTS)[number];
type Headers = Readonly<Record<string, string>>;

const QUESTIONS = [
  { name: '{ __typename }', query: TYPENAME },
  { name: '50 calls', query: '{ llmCalls(first: 50) { nodes { id model } } }' },
];
const BATCHES = [1, 100, 1000];

const rates = new Map<string, number[]>();
const nameOf = (client: Client, what: string) => `${client}: ${what}`;
const rateOf = (client: Client, what: string) => median(rates.get(nameOf(client, what)) ?? []);
const remember = (client: Client, what: string, rate: number) =>
  rates.set(nameOf(client, what), [...(rates.get(nameOf(client, what)) ?? []), rate]);

mkdirSync(CACHE, { recursive: true });
const folder = mkdtempSync(join(CACHE, 'access-'));
try {
  process.stderr.write('the check of a key\n');
  const check = await measureCheck(join(folder, 'check.db'));
  await measureServer(join(folder, 'server.db'));
  report(check);
} finally {
  rmSync(folder, { recursive: true });
}

async function measureCheck(file: string): Promise<KeyCheckResult> {
  await createDatabase(file);
  const child = startChild(new URL('./access/key-check.ts', import.meta.url), {
    DATABASE_URL: `file:${file}`,
  });
  try {
    return await child.ask<KeyCheckResult>({ keys: Number(flags.keys), rounds } satisfies KeyCheckJob);
  } finally {
    await child.stop();
  }
}

/** One server serves requests with and without a key, because `AUTH=disabled` requires none. */
async function measureServer(file: string): Promise<void> {
  await createDatabase(file);
  const environment = { NODE_ENV: 'production', AUTH: 'disabled', DATABASE_URL: `file:${file}` };
  const server = startChild(new URL('./ingest/our-server.ts', import.meta.url), environment);
  const load = startChild(new URL('./ingest/load.ts', import.meta.url));
  try {
    const url = await server.ask<string>('url');
    const bearer = async (question: string) => ({
      authorization: `Bearer ${await server.ask<string>(question)}`,
    });
    const headersOf: Readonly<Record<Client, Headers>> = {
      'no key': {},
      key: await bearer('key'),
      'key with quotas': await bearer('key-with-quotas'),
    };
    // The first round warms up.
    for (let round = 0; round <= rounds; round++) {
      process.stderr.write(round === 0 ? 'warm-up\n' : `round ${round} of ${rounds}\n`);
      // In rotation, so that no client is always first on a larger database.
      const clients = CLIENTS.map((_, at) => CLIENTS[(at + round) % CLIENTS.length] as Client);
      await measureIngest(load, { url, headersOf, clients });
      await measureRequests({ url, headersOf, clients });
      if (round === 0) rates.clear();
    }
  } finally {
    await load.stop();
    await server.stop();
  }
}

interface Round {
  readonly url: string;
  readonly headersOf: Readonly<Record<Client, Headers>>;
  /** In the order of measurement. */
  readonly clients: readonly Client[];
}

async function measureRequests({ url, headersOf, clients }: Round): Promise<void> {
  for (const { name, query } of QUESTIONS) {
    for (const client of clients) {
      const job = { url, query, connections: CONNECTIONS, seconds, headers: headersOf[client] };
      remember(client, name, (await measure(job)).requestsPerSecond);
    }
  }
}

async function measureIngest(load: Child, { url, headersOf, clients }: Round): Promise<void> {
  for (const batch of BATCHES) {
    for (const client of clients) {
      const { eventsPerSecond } = await load.ask<LoadResult>({
        ...{ url, mutation: RECORD, batch, clients: CONNECTIONS, ids: 'server', headers: headersOf[client] },
        ...{ warmUpMs: 0, measureMs: seconds * 1000 },
      } satisfies LoadJob);
      remember(client, ingestOf(batch), eventsPerSecond);
    }
  }
}

function report({ checkUs, hashUs, signatureUs, tokenUs }: KeyCheckResult): void {
  const rows = [...QUESTIONS.map(({ name }) => name), ...BATCHES.map(ingestOf)].map((what) => [
    what,
    ...CLIENTS.map((client) => formatNumber(rateOf(client, what))),
    formatNumber(ratioOf('key', what)),
    formatNumber(ratioOf('key with quotas', what)),
  ]);
  const header = ['per second', ...CLIENTS, 'key ×', 'quotas ×'];
  console.log(`\n${CONNECTIONS} connections, medians of ${rounds} rounds\n\n${renderTable(header, rows)}\n`);
  console.log(
    `A known key among ${flags.keys}: ${formatNumber(checkUs)} µs without a database; its hash alone ` +
      `takes ${formatNumber(hashUs)} µs\n` +
      `A known read token: ${formatNumber(tokenUs)} µs; its first check takes ${formatNumber(signatureUs)} µs\n`,
  );
  const verdict = (isMet: boolean) => (isMet ? 'met   ' : 'MISSED');
  console.log(
    `${verdict(checkUs < CHECK_BAR_US)}  the check of a key: ${formatNumber(checkUs)} µs, bar ${CHECK_BAR_US}`,
  );
  console.log(
    `${verdict(tokenUs < CHECK_BAR_US)}  the check of a token: ${formatNumber(tokenUs)} µs, bar ${CHECK_BAR_US}`,
  );
  for (const what of BATCHES.map(ingestOf)) {
    const ratio = ratioOf('key', what);
    console.log(
      `${verdict(ratio >= INGEST_BAR)}  ${what}: ${formatNumber(ratio)} × no key, bar ${INGEST_BAR}`,
    );
  }
  const ratios = Object.fromEntries(
    rows.map(([what = '']) => [
      what,
      { key: rounded(ratioOf('key', what)), quotas: rounded(ratioOf('key with quotas', what)) },
    ]),
  );
  console.log(
    JSON.stringify({ benchmark: 'access', rounds, checkVsHash: rounded(checkUs / hashUs), ...ratios }),
  );
}

function ingestOf(batch: number): string {
  return `events in batches of ${batch}`;
}

function ratioOf(client: Client, what: string): number {
  return rateOf(client, what) / rateOf('no key', what);
}
