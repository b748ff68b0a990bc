/**
 * `npm run bench:client` measures the cost of the TypeScript client in the process that uses it:
 * the time of a call, and the processor time of an event including everything until the server has
 * acknowledged it. See docs/benchmarks.md.
 */
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { TelltaleOptions } from '../client/src/options.ts';
import { buildClient } from '../scripts/prepare/client.mjs';
import { startChild } from './lib/child.ts';
import { ROOT } from './lib/paths.ts';
import { formatNumber, median, renderTable, rounded } from './lib/statistics.ts';

const { values: flags } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } });
const rounds = Number(flags.rounds);

const BAR_US = 20;
const CALLS = 50_000;
/** Calls between two turns of the event loop: no service records more in one turn. */
const CALLS_PER_TURN = 100;

await buildClient();
const { createTelltale } = (await import(
  pathToFileURL(join(ROOT, 'client', 'dist', 'esm', 'node.js')).href
)) as typeof import('../client/src/node.ts');

const CASES: Readonly<Record<string, Partial<TelltaleOptions>>> = {
  'a call': {},
  'a call, not compressed': { compress: false },
  'a call with mask': { mask: (event) => ({ ...event, endUser: 'hidden' }) },
  'a call when the server is away': { url: 'http://127.0.0.1:9' },
};

interface Cost {
  /** The time that a call takes the caller. */
  readonly callUs: number;
  /** The processor time until everything is acknowledged. */
  readonly wholeUs: number;
}

async function measure(options: TelltaleOptions): Promise<Cost> {
  const telltale = createTelltale({
    ...options,
    maxQueueEvents: 2 * CALLS,
    maxQueueBytes: 1e9,
    onError() {},
  });
  const context = { requestId: telltale.newId(), endUser: 'ada', agentId: 'builder', taskId: 'TASK-1' };
  const before = process.cpuUsage();
  const turns: number[] = [];
  for (let done = 0; done < CALLS; done += CALLS_PER_TURN) {
    const start = performance.now();
    telltale.withContext(context, () => {
      for (let n = 0; n < CALLS_PER_TURN; n++) record(telltale, n);
    });
    turns.push(performance.now() - start);
    await turn();
  }
  await telltale.flush(options.url?.endsWith(':9') ? { timeoutMs: 0 } : { timeoutMs: 60_000 });
  const { user, system } = process.cpuUsage(before);
  const { pending } = telltale.stats();
  if (pending > 0 && !options.url?.endsWith(':9'))
    throw new Error(`${pending} events were not acknowledged.`);
  await telltale.close({ timeoutMs: 0 });
  // The median, because in some turns another process had the processor.
  return { callUs: (median(turns) * 1000) / CALLS_PER_TURN, wholeUs: (user + system) / CALLS };
}

function record(telltale: ReturnType<typeof createTelltale>, n: number): void {
  telltale.llmCall({
    ...{ provider: 'openai', model: 'gpt-4o-mini', operation: 'chat', streaming: true, latencyMs: n + 0.5 },
    ...{ promptTokens: 1_200, cachedPromptTokens: 600, completionTokens: 180, finishReason: 'stop' },
    ...{ timeToFirstTokenMs: 210, temperature: 0.2, attributes: { prompt: 'answer', variant: 2 } },
  });
}

const costs = new Map<string, Cost[]>();
const server = startChild(new URL('./client/accepting-server.ts', import.meta.url));
try {
  const url = await server.ask<string>('url');
  await measure({ url });
  for (let round = 0; round < rounds; round++) {
    for (const [name, options] of Object.entries(CASES)) {
      costs.set(name, [...(costs.get(name) ?? []), await measure({ url, service: 'shop', ...options })]);
    }
  }
} finally {
  await server.stop();
}

const medians = [...costs].map(([name, all]) => ({
  name,
  callUs: median(all.map(({ callUs }) => callUs)),
  wholeUs: median(all.map(({ wholeUs }) => wholeUs)),
}));
const rows = medians.map(({ name, callUs, wholeUs }) => [name, formatNumber(callUs), formatNumber(wholeUs)]);
console.log(renderTable(['µs for each event', 'in the call', 'processor, until acknowledged'], rows));
for (const { name, callUs } of medians) {
  console.log(`${callUs < BAR_US ? 'met   ' : 'MISSED'}  ${name}: ${formatNumber(callUs)} µs, bar ${BAR_US}`);
}
const figures = Object.fromEntries(
  medians.map(({ name, callUs, wholeUs }) => [name, { callUs: rounded(callUs), wholeUs: rounded(wholeUs) }]),
);
console.log(JSON.stringify({ benchmark: 'client', rounds, ...figures }));
