/** Telltale as it is built and shipped, in a process of its own. */
import { serveParent } from '../lib/child.ts';
import { fromDist } from '../lib/paths.ts';

const { createApp } = await fromDist<typeof import('../../src/app.ts')>('app.js');
const { loadConfig } = await fromDist<typeof import('../../src/config/config.ts')>('config/config.js');

/** Epoch milliseconds: the present of the server, which stands still there. Without it the machine's clock holds. */
const { BENCH_NOW: now } = process.env;
const config = loadConfig({ ...process.env, PORT: '0', LOG_LEVEL: 'warn', LOG_FORMAT: 'json' });
const app = await createApp(config, now === undefined ? {} : { clock: { now: () => Number(now) } });
const addresses = await app.start();

serveParent<'url'>(
  async () => addresses.graphql,
  () => app.stop(),
);
