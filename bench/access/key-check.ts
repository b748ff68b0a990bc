/**
 * Measures the check of a known API key and of a known read token, in a separate process. Beside
 * the check as the server does it for each request, it measures the hash of the key alone, and the
 * first check of a token, which includes its signature. The database is closed before, so no check
 * can query it.
 */
import { hash } from 'node:crypto';
import type { OpenServices } from '../../src/services.ts';
import { serveParent } from '../lib/child.ts';
import { fromSource } from '../lib/paths.ts';
import { median } from '../lib/statistics.ts';

/** Requests a measurement of the check among this many keys. */
export interface KeyCheckJob {
  readonly keys: number;
  readonly rounds: number;
}

/** Medians of the rounds, in microseconds per check. */
export interface KeyCheckResult {
  readonly checkUs: number;
  readonly hashUs: number;
  /** The first check of a token. */
  readonly signatureUs: number;
  /** Its later checks. */
  readonly tokenUs: number;
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
  const tokens = await makeTokens(opened.services, count * (rounds + 1));
  await opened.close();
  const checkOf = (all: readonly string[]) => {
    const headers = all.map((text) => ({ authorization: `Bearer ${text}` }) as Record<string, string>);
    return async (at: number) => {
      const caller = await access.authenticate(credentialsOf((name) => headers[at]?.[name]));
      if (caller.projectId !== 'default') throw new Error('A key opened another project');
    };
  };
  const check = checkOf(texts);
  const hashOnly = (at: number) => void hash('sha256', texts[at] ?? '', 'hex');
  const measured = {
    check: [] as number[],
    hash: [] as number[],
    first: [] as number[],
    token: [] as number[],
  };
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    const checkToken = checkOf(tokens.slice(round * count, (round + 1) * count));
    const times = {
      check: await time(check, count),
      hash: await time(hashOnly, count),
      first: await time(checkToken, count, count),
      token: await time(checkToken, count),
    };
    if (round === 0) continue;
    for (const name of ['check', 'hash', 'first', 'token'] as const) measured[name].push(times[name]);
  }
  return {
    checkUs: median(measured.check),
    hashUs: median(measured.hash),
    signatureUs: median(measured.first),
    tokenUs: median(measured.token),
  };
});

/** Tokens for one end user each, as a page embeds them. */
async function makeTokens({ readTokens, keys }: OpenServices['services'], count: number): Promise<string[]> {
  const texts: string[] = [];
  const { key } = await keys.create({ projectId: 'default', scopes: ['READ'] });
  for (let made = 0; made < count; made++) {
    const filter = { endUser: { eq: `user-${made}` } };
    const wanted = { datasets: ['llmCalls', 'generations'], filter, lifetime: 3_600_000 };
    texts.push((await readTokens.create({ projectId: 'default', keyId: key.id }, wanted)).text);
  }
  return texts;
}

/** Microseconds per call. */
async function time(work: (at: number) => unknown, count: number, calls = CHECKS): Promise<number> {
  const start = performance.now();
  for (let at = 0; at < calls; at++) await work(at % count);
  return ((performance.now() - start) / calls) * 1000;
}
