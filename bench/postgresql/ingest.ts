import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresqlServer } from '../../scripts/databases/postgresql-server.ts';
import type { LoadJob, LoadResult } from '../ingest/load.ts';
import { SERVING_FLAGS, startChild } from '../lib/child.ts';
import { CACHE } from '../lib/paths.ts';
import { createMigrated } from '../lib/postgresql.ts';
import { type Figures, formatNumber, renderTable } from '../lib/statistics.ts';
import type { RawJob } from './raw.ts';

const RECORD = 'mutation Record($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';
const OUR_LOADS = {
  batches: { batch: 1000, clients: 8 },
  singles: { batch: 1, clients: 64 },
} as const;
/**
 * `COPY` is faster on one connection than on eight, which wait for each other on index pages.
 * Inserts use the default pool of ten connections: with 64 they are slower.
 */
const RAW_LOADS = {
  COPY: { way: 'copy', clients: 1, connections: 1, batch: OUR_LOADS.batches.batch },
  'a transaction each': { way: 'inserts', clients: OUR_LOADS.singles.clients, connections: 10, batch: 1 },
} as const;

export interface Times {
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** One round: ours, then the peers, each on a new database of the server. */
export async function measureIngest(
  postgresql: PostgresqlServer,
  times: Times,
  figures: Figures,
): Promise<void> {
  await onNewDatabase(postgresql, (database) => measureOurs(database, times, figures));
  for (const [name, job] of Object.entries(RAW_LOADS)) {
    await onNewDatabase(postgresql, async (url) => {
      const raw = startChild(new URL('./raw.ts', import.meta.url));
      try {
        figures.note(name, await raw.ask<number>({ ...job, ...times, url } satisfies RawJob));
      } finally {
        await raw.stop();
      }
    });
  }
}

async function onNewDatabase(
  postgresql: PostgresqlServer,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const url = await createMigrated(postgresql);
  try {
    await work(url);
  } finally {
    await postgresql.dropDatabase(url);
  }
}

async function measureOurs(database: string, times: Times, figures: Figures): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'postgresql-'));
  const environment = { DATABASE_URL: database, COLUMN_STORE_FILE: join(folder, 'columns.duckdb') };
  const module = new URL('../ingest/our-server.ts', import.meta.url);
  const server = startChild(module, environment, process.execPath, SERVING_FLAGS);
  const load = startChild(new URL('../ingest/load.ts', import.meta.url));
  try {
    const url = await server.ask<string>('url');
    for (const [name, one] of Object.entries(OUR_LOADS)) {
      const job: LoadJob = { ...one, ...times, url, mutation: RECORD, ids: 'server', probe: true };
      const { eventsPerSecond, p50Ms, p99Ms, probeP99Ms } = await load.ask<LoadResult>(job);
      figures.note(name, eventsPerSecond);
      figures.note(`${name} p50`, p50Ms);
      figures.note(`${name} p99`, p99Ms);
      figures.note(`${name} probe`, probeP99Ms ?? Number.NaN);
    }
  } finally {
    await load.stop();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

/** The table of the medians of all rounds. */
export function ingestTable(figures: Figures): string {
  const row = (what: string, ours: keyof typeof OUR_LOADS, peer: keyof typeof RAW_LOADS) => [
    what,
    ...[
      figures.of(ours),
      figures.of(peer),
      figures.of(ours) / figures.of(peer),
      ...['p50', 'p99', 'probe'].map((what) => figures.of(`${ours} ${what}`)),
    ].map(formatNumber),
  ];
  return renderTable(
    ['recordLlmCalls', 'ours/s', 'peer/s', '× peer', 'p50 ms', 'p99 ms', 'p99 ms of { __typename } beside'],
    [
      row('batches of 1000, 8 clients; COPY', 'batches', 'COPY'),
      row('single events, 64 clients; a transaction each', 'singles', 'a transaction each'),
    ],
  );
}
