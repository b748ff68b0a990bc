/**
 * `npm run bench:citus` asks the same questions, of cells and of rows, on one PostgreSQL and on
 * Citus with 1, 2 and 3 workers, all on this machine, and records the same events. It prints
 * medians and their ratio to the single PostgreSQL in the same run. If Citus is not installed, it
 * says so. See docs/benchmarks.md.
 */
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { openCitusCluster } from '../scripts/databases/citus-cluster.ts';
import { findCitus, NO_CITUS } from '../scripts/databases/find-citus.mjs';
import { openPostgresqlServer, type PostgresqlServer } from '../scripts/databases/postgresql-server.ts';
import { fromSource } from './lib/paths.ts';
import { formatNumber, quantile, renderTable } from './lib/statistics.ts';

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    runs: { type: 'string', default: '7' },
    workers: { type: 'string', default: '1,2,3' },
    shards: { type: 'string', default: '6' },
  },
});
const [rows, runs, shards] = [Number(flags.rows), Number(flags.runs), Number(flags.shards)];

const { openServices } = await fromSource<typeof import('../src/services.ts')>('services.ts');
const { loadConfig } = await fromSource<typeof import('../src/config/config.ts')>('config/config.ts');
const { llmCalls } = await fromSource<typeof import('../src/declarations/llm/llm-calls.ts')>(
  'declarations/llm/llm-calls.ts',
);

const DAY_MS = 86_400_000;
const BATCH = 1_000;
const CLIENTS = 4;
const NOW = Math.floor(Date.now() / DAY_MS) * DAY_MS;

const call = (index: number) => ({
  timestamp: new Date(NOW - DAY_MS + Math.floor((index / rows) * DAY_MS)).toISOString(),
  ...{ provider: 'openai', model: `model-${index % 20}`, promptTokens: 100, completionTokens: index % 500 },
  ...{ latencyMs: 100 + (index % 900), success: index % 50 !== 0, finishReason: `reason-${index % 7}` },
});

type Services = Awaited<ReturnType<typeof openServices>>['services'];

/** Cells answer without a filter. No cell has the reason, so rows answer with it. */
const scope = {
  dataset: llmCalls,
  projectId: 'default',
  range: { from: NOW - DAY_MS, to: NOW, exact: true as const },
};
const OF_CELLS = { ...scope, filter: null } as const;
const OF_ROWS = {
  ...scope,
  filter: { kind: 'test', field: 'finishReason', operator: 'eq', value: 'reason-1', negated: true },
} as const;
const SUMS = [{ measure: 'totalTokens', quantiles: [] }];
const QUANTILES = [{ measure: 'latencyMs', quantiles: [0.5, 0.99] }];
const LARGEST = { dimensions: ['model'], orderBy: { by: 'count', direction: 'desc' }, first: 10 } as const;
const HOURS = { grain: 'HOUR', timeZone: 'UTC', dimensions: ['model'], top: 5, fill: 'ZERO' } as const;

const QUESTIONS: Readonly<Record<string, (analytics: Services['analytics']) => Promise<unknown>>> = {
  'cells: hours by model': (analytics) => analytics.series(OF_CELLS, SUMS, HOURS),
  'cells: models, with quantiles': (analytics) => analytics.groups(OF_CELLS, QUANTILES, LARGEST),
  'rows: totals': (analytics) => analytics.totals(OF_ROWS, SUMS),
  'rows: hours by model': (analytics) => analytics.series(OF_ROWS, SUMS, HOURS),
  'rows: models, with quantiles': (analytics) => analytics.groups(OF_ROWS, QUANTILES, LARGEST),
};

/** Milliseconds by question, and events per second. */
type Measured = ReadonlyMap<string, number>;

async function measure(server: PostgresqlServer): Promise<Measured> {
  const url = await server.createDatabase();
  const opened = await openServices(loadConfig({ DATABASE_URL: url, LOG_LEVEL: 'warn' }), {
    onProgress: () => {},
  });
  const measured = new Map<string, number>();
  try {
    measured.set(RECORDED, rows / ((await record(opened.services)) / 1000));
    for (const [name, ask] of Object.entries(QUESTIONS)) {
      const taken: number[] = [];
      for (let run = 0; run <= runs; run++) {
        const begun = performance.now();
        await ask(opened.services.analytics);
        if (run > 0) taken.push(performance.now() - begun);
      }
      measured.set(name, quantile(taken, 0.5));
    }
  } finally {
    await opened.close();
    await server.close();
  }
  return measured;
}

/** @returns milliseconds */
async function record({ ingest }: Services): Promise<number> {
  const begun = performance.now();
  let next = 0;
  const client = async () => {
    while (next < rows) {
      const first = next;
      next += BATCH;
      const events = Array.from({ length: BATCH }, (_, index) => call(first + index));
      const { rejected } = await ingest.record('default', [{ dataset: llmCalls, events }]);
      if (rejected.length > 0) throw new Error(JSON.stringify(rejected[0]));
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return performance.now() - begun;
}

const RECORDED = 'recorded: events/s';
const binaries = findCitus();
if (binaries === null) process.stdout.write(`${NO_CITUS} Nothing was measured.\n`);
else await compare(binaries);

async function compare(programs: string): Promise<void> {
  const columns = new Map([['one PostgreSQL', await measure(await openPostgresqlServer('', programs))]]);
  for (const workers of flags.workers.split(',').map(Number)) {
    process.stderr.write(`Citus with ${workers} workers\n`);
    columns.set(`${workers} workers`, await measure(await openCitusCluster({ workers, shards })));
  }
  const [[, alone]] = [...columns] as [[string, Measured]];
  const lines = [...Object.keys(QUESTIONS), RECORDED].map((name) => [
    name,
    ...[...columns.values()].map((measured) => {
      const [value, base] = [measured.get(name) ?? 0, alone.get(name) ?? 0];
      return `${formatNumber(value)}${measured === alone ? '' : ` (${formatNumber(value / base)} ×)`}`;
    }),
  ]);
  process.stdout.write(`${renderTable(['median ms', ...columns.keys()], lines)}\n
${formatNumber(rows)} calls of a day, ${shards} shards, ${availableParallelism()} cores, load ${loadavg()
    .map((load) => formatNumber(load))
    .join(' ')}. All nodes share these cores: more of them add no processor, only work.\n`);
}
