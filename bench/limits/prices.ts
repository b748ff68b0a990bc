/**
 * Measures how soon expensive queries are rejected by their price. The database is empty: nothing
 * is read.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { END } from '../analytics/rows.ts';
import { type Child, startChild } from '../lib/child.ts';
import { createDatabase, removeDatabase } from '../lib/database.ts';
import { CACHE } from '../lib/paths.ts';
import { formatNumber, median, quantile, renderTable } from '../lib/statistics.ts';
import { aliases, nested, preview, rawTotals, seriesBy } from './costly-queries.ts';

/** How many times, each with a new document that no cache knows. */
const TIMES = 21;
const BAR_MS = 100;
const CASES = [
  ['six levels of 500 calls', `{ requestLogs { nodes { ${nested(6)} } } }`],
  ['three levels below 500 requests', `{ requestLogs(first: 500) { nodes { ${nested(3)} } } }`],
  ['50 hourly series of 50, all quantiles', aliases(seriesBy('model'), 50)],
  ['ten series by end user', aliases(seriesBy('endUser'), 10)],
  ['ten previews of a week by end user', aliases(preview, 10)],
  ['50 raw totals', aliases(rawTotals, 50)],
] as const;

mkdirSync(CACHE, { recursive: true });
const file = join(CACHE, 'prices.db');
await createDatabase(file);
const server = startChild(new URL('../ingest/our-server.ts', import.meta.url), {
  NODE_ENV: 'production',
  DATABASE_URL: `file:${file}`,
  BENCH_NOW: String(END),
});
try {
  console.log(
    renderTable(
      ['refused by its price', 'price', 'first ms', 'median ms', 'p95 ms', 'bar'],
      await measure(server),
    ),
  );
} finally {
  await server.stop();
  removeDatabase(file);
}

async function measure(server: Child): Promise<string[][]> {
  const url = await server.ask<string>('url');
  const rows: string[][] = [];
  for (const [name, query] of CASES) {
    const times: number[] = [];
    let price = '';
    for (let time = 0; time < TIMES; time++) {
      const start = performance.now();
      price = await priceOf(url, `${query} # ${time}`);
      times.push(performance.now() - start);
    }
    const p95 = quantile(times, 0.95);
    const figures = [times[0] as number, median(times), p95].map(formatNumber);
    rows.push([name, price, ...figures, p95 < BAR_MS ? 'met' : 'MISSED']);
  }
  return rows;
}

/** @throws Error if the query was not rejected. */
async function priceOf(url: string, query: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const answer = (await response.json()) as { errors?: { extensions: { code: string; price?: number } }[] };
  const { code, price } = answer.errors?.[0]?.extensions ?? {};
  if (code !== 'QUERY_TOO_COMPLEX' || price === undefined)
    throw new Error(`Not refused: ${JSON.stringify(answer)}`);
  return String(price);
}
