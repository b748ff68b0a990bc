/**
 * `npm run bench:analytics` measures three questions of dashboards and five that no rollup holds
 * through Telltale's HTTP API, compared with raw SQL on SQLite and on DuckDB. It also measures how
 * fast the server answers other requests meanwhile. See docs/benchmarks.md.
 */
import { parseArgs } from 'node:util';
import { ourDatabase } from './analytics/build.ts';
import { assertSameAnswer } from './analytics/compare.ts';
import { type EventLoopResult, measureEventLoop } from './analytics/event-loop.ts';
import { FREE_QUESTIONS } from './analytics/free-questions.ts';
import { createDuckdb, createOurs, createSqlite, type Peer } from './analytics/peers.ts';
import { type Question, QUESTIONS as RECURRING } from './analytics/questions.ts';
import { END } from './analytics/rows.ts';
import { startChild } from './lib/child.ts';
import { formatNumber, median, renderTable, rounded } from './lib/statistics.ts';

const { values: flags } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000000,5000000' },
    runs: { type: 'string', default: '15' },
  },
});
const QUESTIONS = [...RECURRING, ...FREE_QUESTIONS];
const sizes = flags.sizes.split(',').map(Number);
const runs = Number(flags.runs);
/** Servers run for days, so both sides are measured with compiled code and warm caches. */
const WARM_UP_RUNS = 20;
/** A raw scan of SQLite takes seconds, so fewer runs are enough. */
const SQLITE_RUNS = Math.min(runs, 5);
const LARGEST_EVENT_LOOP_P99_MS = 50;
const LARGEST_GROWTH = 1.5;

/** Median milliseconds by size, question and peer. */
const results = new Map<string, number>();
const sources = new Map<string, string>();
const nameOf = (size: number, question: Question, peer: Peer['name']) => `${size} ${question.name} ${peer}`;
const resultOf = (size: number, question: Question, peer: Peer['name']) =>
  results.get(nameOf(size, question, peer)) ?? Number.NaN;

let eventLoop: EventLoopResult | null = null;
for (const size of sizes) {
  const file = await ourDatabase(size);
  const server = startChild(new URL('./ingest/our-server.ts', import.meta.url), {
    DATABASE_URL: `file:${file}`,
    // The rows end here. With a later clock, retention would have removed the minute cells.
    BENCH_NOW: String(END),
  });
  try {
    const url = await server.ask<string>('url');
    await measure(size, file, url);
    if (size === sizes.at(-1)) eventLoop = await measureEventLoop(url, size);
  } finally {
    await server.stop();
  }
}
report(eventLoop as EventLoopResult);

async function measure(size: number, file: string, url: string): Promise<void> {
  const ours = createOurs(url);
  const sqlite = createSqlite(file);
  const duckdb = await createDuckdb(size);
  try {
    await ours.waitForColumns(FREE_QUESTIONS);
    for (const question of QUESTIONS) {
      process.stderr.write(`${size.toLocaleString('en')} rows: ${question.name}\n`);
      const reference = await duckdb.answer(question);
      const values = await duckdb.sortedValues(question);
      for (const peer of [ours, sqlite])
        assertSameAnswer(question, reference, await peer.answer(question), values);
      for (let run = 0; run < WARM_UP_RUNS; run++) {
        for (const peer of [ours, duckdb]) await peer.answer(question);
      }
      await measureQuestion(size, question, [ours, duckdb], runs);
      // Separately, because a scan of gigabytes leaves cold caches for the next peer.
      await measureQuestion(size, question, [sqlite], SQLITE_RUNS);
      sources.set(nameOf(size, question, 'ours'), ours.source(question));
    }
  } finally {
    for (const peer of [ours, sqlite, duckdb]) peer.close();
  }
}

async function measureQuestion(
  size: number,
  question: Question,
  peers: readonly Peer[],
  times: number,
): Promise<void> {
  const measured = new Map<Peer, number[]>(peers.map((peer) => [peer, []]));
  for (let run = 0; run < times; run++) {
    for (const peer of peers) {
      const start = performance.now();
      await peer.answer(question);
      measured.get(peer)?.push(performance.now() - start);
    }
  }
  for (const [peer, milliseconds] of measured)
    results.set(nameOf(size, question, peer.name), median(milliseconds));
}

function report(loop: EventLoopResult): void {
  const [smallest, largest] = [sizes[0] as number, sizes.at(-1) as number];
  const rows = sizes.flatMap((size) =>
    QUESTIONS.map((question) => {
      const [ours, duckdb, sqlite] = (['ours', 'duckdb', 'sqlite'] as const).map((peer) =>
        resultOf(size, question, peer),
      ) as [number, number, number];
      return [
        `${size.toLocaleString('en')}: ${question.name}`,
        ...[ours, duckdb, sqlite, duckdb / ours, sqlite / ours].map(formatNumber),
        sources.get(nameOf(size, question, 'ours')) ?? '',
      ];
    }),
  );
  const header = [
    'rows: question',
    'ours ms',
    'DuckDB ms',
    'SQLite ms',
    '× DuckDB',
    '× SQLite',
    'source, grain, read',
  ];
  console.log(`\nMilliseconds, medians of ${runs} runs, answers equal\n\n${renderTable(header, rows)}\n`);
  for (const question of QUESTIONS) {
    const ratio = resultOf(largest, question, 'duckdb') / resultOf(largest, question, 'ours');
    console.log(
      `${verdict(ratio >= question.bar)}  ${question.name}: ${formatNumber(ratio)} × DuckDB, bar ${question.bar}`,
    );
    if (smallest === largest) continue;
    const growth = resultOf(largest, question, 'ours') / resultOf(smallest, question, 'ours');
    const grown = `${question.name}: ${formatNumber(growth)} × the time of the small size`;
    // The others read every row.
    if (FREE_QUESTIONS.includes(question)) console.log(`        ${grown}`);
    else console.log(`${verdict(growth <= LARGEST_GROWTH)}  ${grown}, bar ${LARGEST_GROWTH}`);
  }
  console.log(
    `${verdict(loop.p99Ms < LARGEST_EVENT_LOOP_P99_MS)}  { __typename } during ${formatNumber(loop.queryMs)} ms over ` +
      `${formatNumber(loop.rowsRead)} raw rows: p50 ${formatNumber(loop.p50Ms)}, p99 ${formatNumber(loop.p99Ms)}, ` +
      `max ${formatNumber(loop.maxMs)} ms (${loop.samples} samples), bar ${LARGEST_EVENT_LOOP_P99_MS}`,
  );
  const ratios = QUESTIONS.map((question) => [
    question.name,
    {
      vsDuckdb: rounded(resultOf(largest, question, 'duckdb') / resultOf(largest, question, 'ours')),
      vsSqlite: rounded(resultOf(largest, question, 'sqlite') / resultOf(largest, question, 'ours')),
      growth: rounded(resultOf(largest, question, 'ours') / resultOf(smallest, question, 'ours')),
    },
  ]);
  console.log(
    JSON.stringify({
      benchmark: 'analytics',
      sizes,
      runs,
      ...Object.fromEntries(ratios),
      eventLoopP99Ms: rounded(loop.p99Ms),
    }),
  );
}

function verdict(met: boolean): string {
  return met ? 'met   ' : 'MISSED';
}
