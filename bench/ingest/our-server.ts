/** Telltale as shipped, in a separate process. */
import { answerServerQuestion, type ServerQuestion, serveParent } from '../lib/child.ts';
import { fromSource } from '../lib/paths.ts';

const { createApp } = await fromSource<typeof import('../../src/app.ts')>('app.ts');
const { loadConfig } = await fromSource<typeof import('../../src/config/config.ts')>('config/config.ts');

/**
 * A constant time for the server, in epoch milliseconds. Without it, the server uses the system
 * clock.
 */
const { BENCH_NOW: now } = process.env;
const config = loadConfig({ ...process.env, PORT: '0', LOG_LEVEL: 'warn', LOG_FORMAT: 'json' });
const app = await createApp(config, now === undefined ? {} : { clock: { now: () => Number(now) } });
const addresses = await app.start();

/** The text of a new API key of the project `default`, with or without quotas. */
export type KeyQuestion = 'key' | 'key-with-quotas';
/** Counted, but never used up. */
const LARGE = 1_000_000_000;

async function createKey(question: KeyQuestion): Promise<string> {
  const quotas = { eventsPerMinute: LARGE, eventsPerDay: LARGE, queryCostPerMinute: LARGE };
  const { text } = await app.services.keys.create({
    projectId: 'default',
    scopes: ['READ', 'INGEST'],
    ...(question === 'key-with-quotas' && { quotas }),
  });
  return text;
}

const isForKey = (question: ServerQuestion | KeyQuestion): question is KeyQuestion =>
  question.startsWith('key');

serveParent<ServerQuestion | KeyQuestion>(
  async (question) =>
    isForKey(question) ? createKey(question) : answerServerQuestion(question, addresses.graphql),
  () => app.stop(),
);
