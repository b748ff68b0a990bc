/**
 * The check of a known API key, in a process of its own: as the server does it for each request, and
 * beside it the hash of the key alone. The database is closed before, so no check can ask it.
 */
import { hash } from 'node:crypto';
import { serveParent } from '../lib/child.ts';
import { fromSource } from '../lib/paths.ts';
import { median } from '../lib/statistics.ts';

/** Asks to measure the check among so many keys. */
export interface KeyCheckJob {
  readonly keys: number;
  readonly rounds: number;
}

/** Medians of the rounds, in microseconds for each check. */
export interface KeyCheckResult {
  readonly checkUs: number;
  readonly hashUs: number;
}

const CHECKS = 20_000;

const { openServices } = await fromSource<typeof import('../../src/services.ts')>('services.ts');
const { loadConfig } = await fromSource<typeof import('../../src/config/config.ts')>('config/config.ts');
const { credentialsOf } =
  await fromSource<typeof import('../../src/access/credentials.ts')>('access/credentials.ts');

serveParent<KeyCheckJob>(async ({ keys: count, rounds }): Promise<KeyCheckResult> => {
  const environment = { ...process.env, LOG_LEVEL: 'warn', MAX_KEYS_PER_PROJECT: '10000' };
  const opened = await openServices(loadConfig(environment));
  const { keys, access } = opened.services;
  const texts: string[] = [];
  for (let made = 0; made < count; made++) {
    texts.push((await keys.create({ projectId: 'default', scopes: ['INGEST'] })).text);
  }
  await opened.close();
  const headers = texts.map((text) => ({ authorization: `Bearer ${text}` }) as Record<string, string>);
  const check = async (at: number) => {
    const caller = await access.authenticate(credentialsOf((name) => headers[at]?.[name]));
    if (caller.projectId !== 'default') throw new Error('A key opened another project');
  };
  const hashOnly = (at: number) => void hash('sha256', texts[at] ?? '', 'hex');
  const measured = { check: [] as number[], hash: [] as number[] };
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    const times = { check: await time(check, count), hash: await time(hashOnly, count) };
    if (round === 0) continue;
    measured.check.push(times.check);
    measured.hash.push(times.hash);
  }
  return { checkUs: median(measured.check), hashUs: median(measured.hash) };
});

/** Microseconds for each call. */
async function time(work: (at: number) => unknown, count: number): Promise<number> {
  const start = performance.now();
  for (let at = 0; at < CHECKS; at++) await work(at % count);
  return ((performance.now() - start) / CHECKS) * 1000;
}
