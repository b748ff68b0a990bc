/**
 * `npm run bench:ingest` measures events per second that Telltale acknowledges over HTTP. It
 * compares them with (a) raw prepared inserts, (b) the usual way with Prisma and (c) a fast server
 * for this one table: interleaved rounds in one run, medians, ratios. See docs/benchmarks.md.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ColumnsLag, watchColumns } from './ingest/columns-lag.ts';
import type { LoadJob, LoadResult } from './ingest/load.ts';
import type { RawJob } from './ingest/raw-inserts.ts';
import { SERVING_FLAGS, startChild } from './lib/child.ts';
import { createDatabase, removeDatabase } from './lib/database.ts';
import { CACHE } from './lib/paths.ts';
import { formatNumber, median, renderTable, rounded } from './lib/statistics.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    'warm-up': { type: 'string', default: '1' },
    key: { type: 'boolean', default: false },
  },
});
const rounds = Number(flags.rounds);
const measureMs = Number(flags.seconds) * 1000;
const warmUpMs = Number(flags['warm-up']) * 1000;

interface Load {
  readonly batch: number;
  readonly clients: number;
  readonly ids: 'server' | 'random';
}

const LOADS: readonly Load[] = [1, 100, 1000].flatMap((batch) =>
  [8, 64].map((clients) => ({ batch, clients, ids: 'server' as const })),
);
/** UUIDv4 ids from clients put every row at a random position of the primary key. */
const RANDOM_IDS: Load = { batch: 1000, clients: 8, ids: 'random' };
const ALL_LOADS = [...LOADS, RANDOM_IDS];
const FULL_INGEST: Load = { batch: 1000, clients: 8, ids: 'server' };
/** The table had this index, too, when the bar of full ingest was set. */
const FORMER_INDEX = 'create index former on llm_calls (project_id, model, timestamp)';
const RECORD = 'mutation Record($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';

const SERVERS = { ours: 'our-server', plain: 'plain-server', mercurius: 'mercurius-server' } as const;
type Server = keyof typeof SERVERS;
type Peer = Server | 'raw' | 'rawWithFormerIndex';

mkdirSync(CACHE, { recursive: true });
const folder = mkdtempSync(join(CACHE, 'ingest-'));
const rates = new Map<string, number[]>();
/** The lag of each round, for batches of 1000 by 8 clients. */
const lags: ColumnsLag[] = [];
const latencies = new Map<string, LoadResult[]>();

try {
  for (let round = 1; round <= rounds; round++) {
    for (const peer of Object.keys(SERVERS) as Server[]) {
      process.stderr.write(`round ${round} of ${rounds}: ${peer}\n`);
      await measureServer(peer, round);
    }
    process.stderr.write(`round ${round} of ${rounds}: raw\n`);
    await measureRaw();
  }
} finally {
  rmSync(folder, { recursive: true });
}
report();

async function measureServer(peer: Server, round: number): Promise<void> {
  const file = join(folder, `${peer}.db`);
  await createDatabase(file);
  const module = new URL(`./ingest/${SERVERS[peer]}.ts`, import.meta.url);
  const server = startChild(module, { DATABASE_URL: `file:${file}` }, process.execPath, SERVING_FLAGS);
  const load = startChild(new URL('./ingest/load.ts', import.meta.url));
  try {
    const url = await server.ask<string>('url');
    const key = peer === 'ours' && flags.key ? await server.ask<string>('key') : null;
    for (const one of ALL_LOADS) {
      if (peer === 'plain' && isSkippedForPlain(one, round)) continue;
      const run = () =>
        load.ask<LoadResult>({
          ...one,
          url,
          mutation: RECORD,
          warmUpMs,
          measureMs,
          probe: one.batch === 1000 && one.ids === 'server',
          ...(key !== null && { headers: { authorization: `Bearer ${key}` } }),
          ...(peer === 'plain' && one.batch > 1 && { mutationsPerClient: mutationsOfPlain(one) }),
        } satisfies LoadJob);
      const result = isFullIngest(peer, one) ? await beside(url, run) : await run();
      remember(peer, one, result.eventsPerSecond);
      process.stderr.write(`  ${nameOf(peer, one)}: ${formatNumber(result.eventsPerSecond)}/s\n`);
      latencies.set(nameOf(peer, one), [...(latencies.get(nameOf(peer, one)) ?? []), result]);
    }
  } finally {
    await load.stop();
    await server.stop();
    removeDatabase(file);
  }
}

/** Whether the columnar copy must keep up under this load. */
function isFullIngest(peer: Peer, { batch, clients, ids }: Load): boolean {
  return peer === 'ours' && batch === 1000 && clients === 8 && ids === 'server';
}

async function beside(url: string, run: () => Promise<LoadResult>): Promise<LoadResult> {
  const { value, lag } = await watchColumns(url, run);
  lags.push(lag);
  return value;
}

/**
 * 64 batches of 1000 can take (b) minutes, so they are measured in the first round only. Random ids
 * would show nothing new about it.
 */
function isSkippedForPlain({ batch, clients, ids }: Load, round: number): boolean {
  return ids === 'random' || (batch * clients > 10_000 && round > 1);
}

/**
 * (b) does not answer 64 clients within the measured time. So its larger batches are a fixed amount
 * of work: at least 2000 events.
 */
function mutationsOfPlain({ batch, clients }: Load): number {
  return Math.ceil(2000 / (batch * clients));
}

/**
 * There is one process and one client, so the number of clients has no effect: each batch size is
 * measured once.
 */
async function measureRaw(): Promise<void> {
  const file = join(folder, 'raw.db');
  const inserts = startChild(new URL('./ingest/raw-inserts.ts', import.meta.url));
  const measure = async (peer: Peer, load: Load, extraIndex: string | null): Promise<void> => {
    await createDatabase(file);
    const job: RawJob = { file, batch: load.batch, ids: load.ids, warmUpMs, measureMs, extraIndex };
    remember(peer, load, await inserts.ask<number>(job));
  };
  try {
    for (const load of ALL_LOADS) if (load.clients === 8) await measure('raw', load, null);
    await measure('rawWithFormerIndex', FULL_INGEST, FORMER_INDEX);
  } finally {
    await inserts.stop();
    removeDatabase(file);
  }
}

function nameOf(peer: Peer, { batch, clients, ids }: Load): string {
  return `${peer} ${batch} ${clients} ${ids}`;
}

function remember(peer: Peer, load: Load, rate: number): void {
  const name = nameOf(peer, load);
  rates.set(name, [...(rates.get(name) ?? []), rate]);
}

/** The median of the rounds; null if it was not measured. */
function probeOf(load: Load): number | null {
  const found = latencies.get(nameOf('ours', load)) ?? [];
  const probes = found.flatMap(({ probeP99Ms }) => (probeP99Ms === null ? [] : [probeP99Ms]));
  return probes.length === 0 ? null : median(probes);
}

function rateOf(peer: Peer, load: Load): number {
  return median(rates.get(nameOf(peer, peer === 'raw' ? { ...load, clients: 8 } : load)) ?? []);
}

function report(): void {
  const rows = ALL_LOADS.map((load) => {
    const results = latencies.get(nameOf('ours', load)) ?? [];
    const [ours, plain, raw, mercurius] = [
      rateOf('ours', load),
      rateOf('plain', load),
      rateOf('raw', load),
      rateOf('mercurius', load),
    ];
    return [
      `batch ${load.batch}, ${load.clients} clients${load.ids === 'random' ? ', random client ids' : ''}`,
      formatNumber(ours),
      formatNumber(plain),
      formatNumber(raw),
      formatNumber(mercurius),
      formatNumber(ours / plain),
      formatNumber(ours / raw),
      formatNumber(ours / mercurius),
      formatNumber(median(results.map(({ p50Ms }) => p50Ms))),
      formatNumber(median(results.map(({ p99Ms }) => p99Ms))),
      probeOf(load) === null ? '' : formatNumber(probeOf(load) ?? 0),
    ];
  });
  const header = [
    'recordLlmCalls',
    'ours/s',
    '(b) plain/s',
    '(a) raw/s',
    '(c) mercurius/s',
    '× (b)',
    '× (a)',
    '× (c)',
    'ours p50 ms',
    'ours p99 ms',
    'p99 ms of { __typename } beside',
  ];
  console.log(`\nEvents per second, medians of ${rounds} rounds\n\n${renderTable(header, rows)}\n`);
  const bars = [
    ...[8, 64].map((clients): Bar => ['batch 1000', { batch: 1000, clients, ids: 'server' }, 'plain', 15]),
    ['batch 1000', FULL_INGEST, 'raw', 0.9] as Bar,
    ['batch 1000', { batch: 1000, clients: 64, ids: 'server' }, 'raw', 0.3] as Bar,
    ['batch 1000', FULL_INGEST, 'mercurius', 1.2] as Bar,
    ['batch 1', { batch: 1, clients: 64, ids: 'server' }, 'plain', 4] as Bar,
    ['batch 1', { batch: 1, clients: 64, ids: 'server' }, 'mercurius', 5] as Bar,
  ];
  for (const [what, load, peer, bar] of bars) {
    const ratio = rateOf('ours', load) / rateOf(peer, load);
    console.log(
      `${ratio >= bar ? 'met   ' : 'MISSED'}  ${what}, ${load.clients} clients: ${formatNumber(ratio)} × ${peer}, bar ${bar}`,
    );
  }
  const former = rateOf('ours', FULL_INGEST) / rateOf('rawWithFormerIndex', FULL_INGEST);
  console.log(
    `        batch 1000, 8 clients: ${formatNumber(former)} × raw with the index that the table had when the bar was set`,
  );
  const loop = probeOf(FULL_INGEST) ?? Number.POSITIVE_INFINITY;
  console.log(
    `${loop < 30 ? 'met   ' : 'MISSED'}  { __typename } beside batches of 1000, 8 clients: p99 ${formatNumber(loop)} ms, bar 30`,
  );
  const behind = lags.flatMap(({ most }) => most ?? []);
  const most = behind.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...behind);
  // No verdict: the gauge shows the state at the copy's last check, which may be from before the
  // batches.
  console.log(
    `        the columns beside batches of 1000, 8 clients: ${formatNumber(most)} events behind at most, says /metrics`,
  );
  const ratios = Object.fromEntries(
    ALL_LOADS.map((load) => [
      `batch${load.batch}_clients${load.clients}${load.ids === 'random' ? '_random_ids' : ''}`,
      {
        vsPlain: rounded(rateOf('ours', load) / rateOf('plain', load)),
        vsRaw: rounded(rateOf('ours', load) / rateOf('raw', load)),
        vsMercurius: rounded(rateOf('ours', load) / rateOf('mercurius', load)),
      },
    ]),
  );
  console.log(
    JSON.stringify({ benchmark: 'ingest', rounds, ...ratios, vsRawWithFormerIndex: rounded(former) }),
  );
}

type Bar = readonly [what: string, load: Load, peer: Peer, bar: number];
