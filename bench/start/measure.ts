import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bytesOfDatabase, bytesOnDisk, type Clone, countInstalled } from './clone.ts';
import { type Server, startServer } from './server.ts';

export interface ColdStart {
  readonly milliseconds: number;
  /** The steps that the start reported, each with its beginning in milliseconds. */
  readonly steps: readonly { readonly what: string; readonly at: number }[];
  readonly packages: number;
  readonly packageBytes: number;
}

export interface Warm {
  readonly milliseconds: number;
  readonly peakBytes: number;
}

export interface Demo {
  /** From the announcement until the database is filled and the server listens. */
  readonly milliseconds: number;
  readonly events: number;
  readonly databaseBytes: number;
  readonly peakWhileFilling: number;
  /** Until `SETTLING_MS` after the server listens. */
  readonly peakBytes: number;
  readonly announcedDatabaseBytes: number;
  readonly announcedPeakBytes: number;
}

export const NPM_START = ['npm', 'start'];
export const NODE_ALONE = [process.execPath, 'scripts/start.mjs', 'serve'];
const URL_WRITTEN = /"graphql":"(http[^"]+)"|GraphQL +(http\S+)/;
const MEGABYTE = 1e6;
const SETTLING_MS = 10_000;
const READY_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 20;

/** `npm start` before anything is installed. */
export async function measureCold(clone: Clone, signal: AbortSignal): Promise<ColdStart> {
  const server = startServer(clone, NPM_START, signal);
  try {
    const milliseconds = await untilReady(server);
    const steps = stepsOf(server);
    const modules = join(clone.root, 'node_modules');
    return { milliseconds, steps, packages: countInstalled(clone.root), packageBytes: bytesOnDisk(modules) };
  } finally {
    await server.stop();
  }
}

/** A start with everything installed and an existing database. */
export async function measureWarm(
  clone: Clone,
  command: readonly string[],
  signal: AbortSignal,
): Promise<Warm> {
  const server = startServer(clone, command, signal);
  try {
    return { milliseconds: await untilReady(server), peakBytes: server.peakMemory() };
  } finally {
    await server.stop();
  }
}

/** `npm run demo` without a database. */
export async function measureDemo(clone: Clone, calls: number, signal: AbortSignal): Promise<Demo> {
  const server = startServer(clone, ['npm', 'run', 'demo', '--', '--calls', String(calls)], signal);
  const filled = await measureFill(server, signal).finally(() => server.stop());
  // When the server stopped, it copied the log into the database.
  return { ...filled, databaseBytes: bytesOfDatabase(join(clone.root, 'data', 'demo.db')) };
}

async function measureFill(server: Server, signal: AbortSignal): Promise<Omit<Demo, 'databaseBytes'>> {
  const announced = await server.saw(/takes about (\d+) MB on disk, at most (\d+) MB of memory/);
  const recorded = await server.saw(/([\d,]+) events recorded in/);
  const peakWhileFilling = server.peakMemory();
  const ready = await untilReady(server);
  // Covers the first run of retention and the first evaluations of the rules.
  await delay(SETTLING_MS, undefined, { signal });
  return {
    milliseconds: ready - announced.at,
    events: Number(recorded.match[1]?.replaceAll(',', '')),
    peakWhileFilling,
    peakBytes: server.peakMemory(),
    announcedDatabaseBytes: Number(announced.match[1]) * MEGABYTE,
    announcedPeakBytes: Number(announced.match[2]) * MEGABYTE,
  };
}

/** Milliseconds from the start until the URLs are written and `/readyz` answers 200. */
async function untilReady(server: Server): Promise<number> {
  const { match, at } = await server.saw(URL_WRITTEN);
  const before = performance.now();
  const url = new URL('/readyz', match[1] ?? match[2]);
  for (;;) {
    const response = await fetch(url);
    const text = await response.text();
    if (response.status === 200) break;
    if (performance.now() - before > READY_WITHIN_MS)
      throw new Error(`${url} stays ${response.status}: ${text}`);
    await delay(ASK_EVERY_MS);
  }
  return at + performance.now() - before;
}

/** The lines `telltale: …`, without those that only report the progress of a step. */
function stepsOf({ written }: Server): ColdStart['steps'] {
  return written.flatMap(({ text, at }) =>
    [...text.matchAll(/^telltale: (.*?)(?: \(.*\))?$/gm)]
      .map(([, what = '']) => ({ what, at }))
      .filter(({ what }) => !/: .*\d+ s$/.test(what)),
  );
}
