/**
 * Sends what brought the server down before it had limits, and measures the peak memory of the
 * server and how long a small client waits meanwhile.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase } from '../lib/database.ts';
import { CACHE } from '../lib/paths.ts';
import { formatNumber, quantile, renderTable } from '../lib/statistics.ts';
import { startShippedServer } from './shipped-server.ts';
import { type Case, recordOne, transportCases } from './transport-cases.ts';

const MEBIBYTE = 1024 * 1024;
const MAX_PEAK_BYTES = 700 * MEBIBYTE;
/** How often a small client records an error. */
const SMALL_EVERY_MS = 50;
/** Shows what stays busy after the answers. */
const AFTERWARDS_MS = 1_000;

mkdirSync(CACHE, { recursive: true });
const folder = mkdtempSync(join(CACHE, 'limits-'));
try {
  const rows: string[][] = [];
  for (const one of transportCases) {
    process.stderr.write(`${one.name}\n`);
    rows.push(await measure(one));
  }
  const header = ['case', 'answers', 'seconds', 'peak MiB', 'small p50 ms', 'small max ms', 'bar'];
  process.stdout.write(`${renderTable(header, rows)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

/** Each case has its own server, because freed memory still counts towards the peak. */
async function measure({ name, prepare }: Case): Promise<string[]> {
  const file = join(folder, 'telltale.db');
  await createDatabase(file);
  const server = await startShippedServer(file);
  try {
    const { url } = server;
    await recordOne(url);
    const send = prepare();
    const small = startSmallClient(url);
    const started = performance.now();
    const answers = await send(url);
    const seconds = (performance.now() - started) / 1000;
    await sleep(AFTERWARDS_MS);
    const waits = await small.stop();
    const peak = server.peakBytes();
    if (peak > MAX_PEAK_BYTES) process.exitCode = 1;
    return [
      name,
      [...answers].map(([status, count]) => `${count} × ${status === 0 ? 'none' : status}`).join(', '),
      formatNumber(seconds),
      formatNumber(peak / MEBIBYTE),
      formatNumber(quantile(waits, 0.5)),
      formatNumber(Math.max(...waits)),
      peak > MAX_PEAK_BYTES ? 'MISSED' : 'met',
    ];
  } finally {
    await server.stop();
  }
}

function startSmallClient(url: string): { stop(): Promise<readonly number[]> } {
  const waits: number[] = [];
  let stopped = false;
  async function run(): Promise<void> {
    while (!stopped) {
      waits.push(await recordOne(url));
      await sleep(SMALL_EVERY_MS);
    }
  }
  const running = run();
  return {
    async stop() {
      stopped = true;
      await running;
      return waits;
    },
  };
}
