/**
 * `npm run bench:postgresql` measures Telltale on a durable PostgreSQL whose binaries come from
 * npm: ingest over HTTP against raw `COPY` and against a transaction per event, and questions of
 * dashboards against PostGraphile and raw SQL. See docs/benchmarks.md.
 */
import { parseArgs } from 'node:util';
import { openServingPostgresql } from '../scripts/databases/postgresql-server.ts';
import { createFigures, formatNumber, rounded } from './lib/statistics.ts';
import { analyticsRatios, analyticsTable, measureAnalytics } from './postgresql/analytics.ts';
import { ingestTable, measureIngest } from './postgresql/ingest.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    'warm-up': { type: 'string', default: '1' },
    calls: { type: 'string', default: '200000' },
    runs: { type: 'string', default: '7' },
    url: { type: 'string', default: '' },
  },
});
const rounds = Number(flags.rounds);
const times = { warmUpMs: Number(flags['warm-up']) * 1000, measureMs: Number(flags.seconds) * 1000 };
const size = { calls: Number(flags.calls), runs: Number(flags.runs) };

const BATCHES_BAR = 0.5;
const SINGLES_BAR = 5;
const PROBE_BAR_MS = 20;
const QUESTION_BAR = 1;

const figures = createFigures();
const postgresql = await openServingPostgresql(flags.url);
try {
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    await measureIngest(postgresql, times, figures);
  }
  if (size.calls > 0) await measureAnalytics(postgresql, size, figures);
} finally {
  await postgresql.close();
}
report();

function report(): void {
  const batches = figures.of('batches') / figures.of('COPY');
  const singles = figures.of('singles') / figures.of('a transaction each');
  const probes = ['batches', 'singles'].map((load) => [load, figures.of(`${load} probe`)] as const);
  const questions = size.calls > 0 ? analyticsRatios(figures) : [];
  console.log(`\nMedians of ${rounds} rounds\n\n${ingestTable(figures)}\n`);
  if (questions.length > 0)
    console.log(
      `${size.calls.toLocaleString('en')} calls, medians of ${size.runs} runs, answers equal\n\n${analyticsTable(figures)}\n`,
    );
  say(
    batches >= BATCHES_BAR,
    `batches of 1000, 8 clients: ${formatNumber(batches)} × COPY, bar ${BATCHES_BAR}`,
  );
  say(
    singles >= SINGLES_BAR,
    `single events, 64 clients: ${formatNumber(singles)} × a transaction each, bar ${SINGLES_BAR}`,
  );
  for (const [load, p99] of probes)
    say(
      p99 < PROBE_BAR_MS,
      `{ __typename } beside ${load}: p99 ${formatNumber(p99)} ms, bar ${PROBE_BAR_MS}`,
    );
  for (const [name, ratio] of questions)
    say(ratio >= QUESTION_BAR, `${name}: ${formatNumber(ratio)} × PostGraphile, bar ${QUESTION_BAR}`);
  console.log(
    JSON.stringify({
      ...{ benchmark: 'postgresql', rounds, batches: rounded(batches), singles: rounded(singles) },
      probeP99Ms: Object.fromEntries(probes.map(([load, p99]) => [load, rounded(p99)])),
      vsPostgraphile: Object.fromEntries(questions.map(([name, ratio]) => [name, rounded(ratio)])),
    }),
  );
}

function say(met: boolean, what: string): void {
  console.log(`${met ? 'met   ' : 'MISSED'}  ${what}`);
}
