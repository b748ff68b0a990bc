/**
 * `npm run bench:otlp` measures spans of model calls per second acknowledged over OTLP
 * (http/protobuf), against calls by `recordLlmCalls` in batches of the same size, alternating, on
 * one server each. See docs/benchmarks.md.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { LoadJob, LoadResult } from './ingest/load.ts';
import { SERVING_FLAGS, startChild } from './lib/child.ts';
import { createDatabase, removeDatabase } from './lib/database.ts';
import { CACHE } from './lib/paths.ts';
import { formatNumber, median, renderTable, rounded } from './lib/statistics.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    'warm-up': { type: 'string', default: '1' },
  },
});
const rounds = Number(flags.rounds);

const RATE_BAR = 0.7;
const DELAY_BAR_MS = 50;
const CLIENTS = 8;
/** Exporters use 512 by default. */
const BATCHES = [100, 512, 1000] as const;
const WAYS = ['recordLlmCalls', 'OTLP'] as const;
type Way = (typeof WAYS)[number];
const RECORD = 'mutation Record($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';

const results = new Map<string, LoadResult[]>();
const resultsOf = (way: Way, batch: number) => results.get(`${way} ${batch}`) ?? [];
const rateOf = (way: Way, batch: number) =>
  median(resultsOf(way, batch).map(({ eventsPerSecond }) => eventsPerSecond));
const ratioOf = (batch: number) => rateOf('OTLP', batch) / rateOf('recordLlmCalls', batch);
const delayOf = (way: Way, batch: number) =>
  median(resultsOf(way, batch).map(({ probeP99Ms }) => probeP99Ms ?? Number.NaN));

mkdirSync(CACHE, { recursive: true });
const folder = mkdtempSync(join(CACHE, 'otlp-'));
try {
  for (let round = 1; round <= rounds; round++) {
    // Alternating, so that none is always first.
    const ways = round % 2 === 0 ? WAYS : WAYS.toReversed();
    for (const way of ways) {
      process.stderr.write(`round ${round} of ${rounds}: ${way}\n`);
      await measure(way);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
report();

async function measure(way: Way): Promise<void> {
  const file = join(folder, 'telltale.db');
  await createDatabase(file);
  const module = new URL('./ingest/our-server.ts', import.meta.url);
  const server = startChild(module, { DATABASE_URL: `file:${file}` }, process.execPath, SERVING_FLAGS);
  const load = startChild(new URL('./ingest/load.ts', import.meta.url));
  try {
    const url = await server.ask<string>('url');
    for (const batch of BATCHES) {
      const result = await load.ask<LoadResult>({
        ...{ url, mutation: RECORD, batch, clients: CLIENTS, ids: 'server', probe: true },
        warmUpMs: Number(flags['warm-up']) * 1000,
        measureMs: Number(flags.seconds) * 1000,
        ...(way === 'OTLP' && { otlp: url.replace('/graphql', '/v1/traces') }),
      } satisfies LoadJob);
      results.set(`${way} ${batch}`, [...resultsOf(way, batch), result]);
      process.stderr.write(`  ${batch} a request: ${formatNumber(result.eventsPerSecond)}/s\n`);
    }
  } finally {
    await load.stop();
    await server.stop();
    removeDatabase(file);
  }
}

function report(): void {
  const rows = BATCHES.map((batch) => [
    `${batch} a request`,
    ...WAYS.map((way) => formatNumber(rateOf(way, batch))),
    formatNumber(ratioOf(batch)),
    ...WAYS.map((way) => formatNumber(delayOf(way, batch))),
  ]);
  const header = ['per second', ...WAYS, 'ratio', 'p99 ms beside it', 'p99 ms beside OTLP'];
  console.log(`\n${CLIENTS} clients, medians of ${rounds} rounds\n\n${renderTable(header, rows)}\n`);
  const verdict = (isMet: boolean) => (isMet ? 'met   ' : 'MISSED');
  for (const batch of BATCHES) {
    const [ratio, delay] = [ratioOf(batch), delayOf('OTLP', batch)];
    console.log(
      `${verdict(ratio >= RATE_BAR)}  spans in batches of ${batch}: ${formatNumber(ratio)} × recordLlmCalls, bar ${RATE_BAR}`,
    );
    console.log(
      `${verdict(delay < DELAY_BAR_MS)}  p99 of { __typename } beside them: ${formatNumber(delay)} ms, bar ${DELAY_BAR_MS}`,
    );
  }
  const of = (value: (batch: number) => number) =>
    Object.fromEntries(BATCHES.map((batch) => [batch, rounded(value(batch))]));
  const delays = of((batch) => delayOf('OTLP', batch));
  console.log(JSON.stringify({ benchmark: 'otlp', rounds, ratios: of(ratioOf), p99Ms: delays }));
}
