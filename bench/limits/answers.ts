/**
 * Lets clients ask for many large answers, and read them or not (decision 78). Measures the peak
 * memory of the server (bar: 700 MB), and what others notice meanwhile: the p99 of `{ __typename }`
 * (bar: 50 ms) and how often `/readyz` fails.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ourDatabase } from '../analytics/build.ts';
import { END } from '../analytics/rows.ts';
import { createDatabase } from '../lib/database.ts';
import { CACHE } from '../lib/paths.ts';
import { formatNumber, quantile, renderTable } from '../lib/statistics.ts';
import { type AnswerCase, answerCases } from './answer-cases.ts';
import { latenciesOf, post, refusalsOf, warmUp } from './post.ts';
import { startShippedServer } from './shipped-server.ts';

const { values: flags } = parseArgs({ options: { size: { type: 'string', default: '1000000' } } });
const P99_BAR_MS = 50;
const PEAK_BAR_MB = 700;
const ERRORS = 500;
const STACK_CHARACTERS = 30_000;

mkdirSync(CACHE, { recursive: true });
const folder = mkdtempSync(join(CACHE, 'limits-'));
try {
  const files = { errors: await errorsDatabase(), calls: await ourDatabase(Number(flags.size)) };
  const rows: string[][] = [];
  for (const one of answerCases) rows.push(await measure(one, one.ofCalls ? files.calls : files.errors));
  const columns = ['large answers', 'came back', 'seconds', 'p99 ms beside', '/readyz no', 'peak MB', 'bars'];
  console.log(renderTable(columns, rows));
} finally {
  rmSync(folder, { recursive: true });
}

/** Errors with long stacks, recorded in batches. */
async function errorsDatabase(): Promise<string> {
  const file = join(folder, 'errors.db');
  await createDatabase(file);
  const server = await startShippedServer(file, { now: END });
  const stackTrace = '    at handle (/srv/app/src/server/handler.ts:120:17)\n'.repeat(STACK_CHARACTERS / 54);
  const event = { errorType: 'TypeError', errorMessage: 'x is not a function', stackTrace };
  try {
    const answer = await post(
      server.url,
      'mutation ($input: [ErrorLogInput!]!) { recordErrorLogs(input: $input) { accepted } }',
      { variables: { input: Array.from({ length: ERRORS }, () => event) } },
    );
    if (answer !== 'answered') throw new Error(answer);
  } finally {
    await server.stop();
  }
  return file;
}

/** Each case has its own server, whose memory is that of the case. */
async function measure({ name, run }: AnswerCase, file: string): Promise<string[]> {
  process.stderr.write(`${name}\n`);
  const server = await startShippedServer(file, { now: END });
  const { url } = server;
  try {
    await warmUp(url);
    const done = new AbortController();
    const probe = () => post(url, '{ __typename }');
    const beside = Promise.all([latenciesOf(probe, done.signal), refusalsOf(url, done.signal)]);
    const started = performance.now();
    const answered = await run(url);
    const seconds = (performance.now() - started) / 1000;
    done.abort();
    const [times, refused] = await beside;
    const p99 = quantile(times, 0.99);
    const peak = server.peakBytes() / 1024 ** 2;
    const bars = p99 <= P99_BAR_MS && peak <= PEAK_BAR_MB ? 'met' : 'MISSED';
    return [name, answered, ...[seconds, p99].map(formatNumber), refused, formatNumber(peak), bars];
  } finally {
    await server.stop();
  }
}
