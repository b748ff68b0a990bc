import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresqlServer } from '../../scripts/databases/postgresql-server.ts';
import { fill } from '../analytics/build.ts';
import { assertSameAnswer } from '../analytics/compare.ts';
import { createOurs, type Ours } from '../analytics/peers.ts';
import { END } from '../analytics/rows.ts';
import { startChild } from '../lib/child.ts';
import { CACHE, ROOT } from '../lib/paths.ts';
import { createMigrated } from '../lib/postgresql.ts';
import { type Figures, formatNumber, renderTable } from '../lib/statistics.ts';
import {
  createFunctions,
  createPostgraphile,
  createSql,
  type PostgresqlPeer,
  type SqlPeer,
} from './peers.ts';
import { POSTGRESQL_QUESTIONS as QUESTIONS } from './questions.ts';

const WARM_UP_RUNS = 3;
const NODE_OF_POSTGRAPHILE = 22;
const PEERS = ['ours', 'PostGraphile', 'SQL'] as const;

export interface AnalyticsSize {
  readonly calls: number;
  readonly runs: number;
}

/** Asks every question of every peer on one database, in rotation; the answers must be equal. */
export async function measureAnalytics(
  postgresql: PostgresqlServer,
  { calls, runs }: AnalyticsSize,
  figures: Figures,
): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'postgresql-'));
  const database = await createMigrated(postgresql);
  await fill(database, calls);
  await createFunctions(database, QUESTIONS);
  // The rows end here. With a later clock, retention would have removed the minute cells.
  const clock = { BENCH_NOW: String(END) };
  const ourServer = startChild(new URL('../ingest/our-server.ts', import.meta.url), {
    ...{ DATABASE_URL: database, COLUMN_STORE: 'on', COLUMN_STORE_FILE: join(folder, 'columns.duckdb') },
    ...clock,
  });
  const postgraphileServer = startChild(
    new URL('./postgraphile-server.ts', import.meta.url),
    { DATABASE_URL: database, GRAPHILE_ENV: 'production' },
    nodeOfPostgraphile(),
  );
  const sql = await createSql(database);
  const ours = createOurs(await ourServer.ask<string>('url'));
  const postgraphile = createPostgraphile(await postgraphileServer.ask<string>('url'));
  try {
    await ours.waitForColumns(QUESTIONS.filter(({ recurs }) => !recurs));
    await ask({ ours, PostGraphile: postgraphile, SQL: sql }, runs, figures);
  } finally {
    ours.close();
    await postgraphile.close();
    await sql.close();
    await postgraphileServer.stop();
    await ourServer.stop();
    await postgresql.dropDatabase(database);
    rmSync(folder, { recursive: true });
  }
}

/**
 * PostGraphile 5 requires Node 22; the benchmark's packages include one for users of an older
 * version.
 */
function nodeOfPostgraphile(): string {
  if (Number.parseInt(process.versions.node, 10) >= NODE_OF_POSTGRAPHILE) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const node = join(ROOT, 'bench', 'node_modules', name, 'bin', 'node');
  if (existsSync(node)) return node;
  throw new Error(
    `PostGraphile needs Node ${NODE_OF_POSTGRAPHILE} or later, and ${name} is not installed in bench: run the benchmark with that Node, or with --calls 0.`,
  );
}

interface Peers extends Readonly<Record<(typeof PEERS)[number], PostgresqlPeer | Ours>> {
  readonly SQL: SqlPeer;
}

async function ask(peers: Peers, runs: number, figures: Figures): Promise<void> {
  for (const question of QUESTIONS) {
    process.stderr.write(`${question.name}\n`);
    const reference = await peers.SQL.answer(question);
    const values = await peers.SQL.sortedValues(question);
    for (const name of PEERS)
      assertSameAnswer(question, reference, await peers[name].answer(question), values);
    for (let run = -WARM_UP_RUNS; run < runs; run++) {
      for (const name of PEERS) {
        const start = performance.now();
        await peers[name].answer(question);
        if (run >= 0) figures.add(`${question.name} ${name}`, performance.now() - start);
      }
    }
  }
}

/** Milliseconds of each question by peer. */
export function analyticsTable(figures: Figures): string {
  const rows = QUESTIONS.map(({ name }) => {
    const [ours = 0, ...others] = PEERS.map((peer) => figures.of(`${name} ${peer}`));
    return [name, ...[ours, ...others, ...others.map((other) => other / ours)].map(formatNumber)];
  });
  return renderTable(['question', 'ours ms', 'PostGraphile ms', 'SQL ms', '× PostGraphile', '× SQL'], rows);
}

/** How many times faster ours is than PostGraphile, by question. */
export const analyticsRatios = (figures: Figures): readonly (readonly [string, number])[] =>
  QUESTIONS.map(({ name }) => [name, figures.of(`${name} PostGraphile`) / figures.of(`${name} ours`)]);
