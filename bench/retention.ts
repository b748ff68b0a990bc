/**
 * `npm run bench:retention` measures how long recording takes while retention removes rows, and
 * while it does not, alternating in one run on one database. It prints both 99th percentiles and
 * their ratio, whose bar is 3. See docs/benchmarks.md.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDatabase } from './lib/database.ts';
import { CACHE, fromSource } from './lib/paths.ts';
import { formatNumber, quantile, renderTable } from './lib/statistics.ts';

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '300000' },
    rounds: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '3' },
    batch: { type: 'string', default: '20' },
    clients: { type: 'string', default: '4' },
  },
});
const [rows, rounds, seconds] = [Number(flags.rows), Number(flags.rounds), Number(flags.seconds)];
const [batch, clients] = [Number(flags.batch), Number(flags.clients)];
const BAR = 3;
const DAY_MS = 86_400_000;
const OLD_DAYS = 100;

const { openServices } = await fromSource<typeof import('../src/services.ts')>('services.ts');
const { loadConfig } = await fromSource<typeof import('../src/config/config.ts')>('config/config.ts');
const { llmCalls } = await fromSource<typeof import('../src/declarations/llm/llm-calls.ts')>(
  'declarations/llm/llm-calls.ts',
);

mkdirSync(CACHE, { recursive: true });
const folder = mkdtempSync(join(CACHE, 'retention-'));
const call = (index: number) => ({
  ...{ provider: 'openai', model: `model-${index % 20}`, promptTokens: 100, completionTokens: index % 500 },
  ...{ latencyMs: 100 + (index % 900), success: index % 50 !== 0 },
});

try {
  const file = join(folder, 'telltale.db');
  await createDatabase(file);
  let now = Date.now() - OLD_DAYS * DAY_MS;
  const config = loadConfig({ DATABASE_URL: `file:${file}`, LOG_LEVEL: 'warn' });
  const opened = await openServices(config, { clock: { now: () => now } });
  const { ingest, retention } = opened.services;
  const record = async (count: number) => {
    const events = Array.from({ length: count }, (_, index) => call(index));
    const { rejected } = await ingest.record('default', [{ dataset: llmCalls, events }]);
    if (rejected.length > 0) throw new Error(JSON.stringify(rejected[0]));
  };
  try {
    for (let stored = 0; stored < rows; stored += 1000) {
      now += 1000;
      await record(1000);
    }
    now = Date.now();
    const alone: number[] = [];
    const beside: number[] = [];
    for (let round = 0; round < rounds; round++) {
      alone.push(...(await measure(record, () => false)));
      const stop = new AbortController();
      let isOver = false;
      const running = retention.run({ signal: stop.signal }).finally(() => {
        isOver = true;
      });
      beside.push(...(await measure(record, () => isOver)));
      stop.abort();
      const removed = (await running).reduce((sum, removal) => sum + removal.rows + removal.cells, 0);
      process.stderr.write(
        `round ${round + 1} of ${rounds}: ${formatNumber(removed)} rows and cells removed\n`,
      );
    }
    report(alone, beside);
  } finally {
    await opened.close();
  }
} finally {
  rmSync(folder, { recursive: true });
}

/**
 * Records with several clients for some seconds, or until retention is done, and returns how long
 * each call took, in milliseconds.
 */
async function measure(
  record: (count: number) => Promise<unknown>,
  isOver: () => boolean,
): Promise<number[]> {
  const end = performance.now() + seconds * 1000;
  const taken: number[] = [];
  const client = async () => {
    while (performance.now() < end && !isOver()) {
      const begun = performance.now();
      await record(batch);
      taken.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return taken;
}

function report(alone: readonly number[], beside: readonly number[]): void {
  const row = (name: string, times: readonly number[]) => [
    name,
    formatNumber(times.length),
    ...[0.5, 0.99, 1].map((p) => formatNumber(quantile(times, p))),
  ];
  const ratio = quantile(beside, 0.99) / quantile(alone, 0.99);
  const table = renderTable(
    ['recording', 'calls', 'p50 ms', 'p99 ms', 'most ms'],
    [row('alone', alone), row('while retention removes', beside)],
  );
  process.stdout.write(
    `${table}\n\np99 while retention removes: ${formatNumber(ratio)} × alone (bar: ${BAR})\n`,
  );
  if (ratio > BAR) process.exitCode = 1;
}
